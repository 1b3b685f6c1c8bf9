package program_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/latchkey-auth/latchkey/tests/scenario"
)

// unlimited lets a test load the service with all that its machine can do, and forgives predecessors for long.
var unlimited = settings{"THROTTLE": "off", "REFRESH_GRACE": "10m"}

// TestKilledUnderLoad: whatever was answered before a kill -9 is true after the restart.
func TestKilledUnderLoad(t *testing.T) {
	const rounds, newcomers = 3, 20
	dir := t.TempDir()
	p := serve(t, dir, unlimited)
	refreshers := make([]*refresher, 4)
	for i := range refreshers {
		refreshers[i] = &refresher{newest: signUp(t, p.service(t), fmt.Sprintf("refresher%d@example.org", i)).RefreshToken}
	}
	for round := range rounds {
		registered := loadAndKill(t, p, refreshers, round, newcomers)
		intact(t, filepath.Join(dir, "data", "latchkey.db"))
		p = serve(t, dir, unlimited)
		canSignIn(t, p.service(t), registered)
		for _, r := range refreshers {
			r.goesOn(t, p.service(t))
		}
	}
	for _, r := range refreshers {
		r.isGuarded(t, p.service(t))
	}
	p.stop(t)
}

// loadAndKill refreshes and registers until so many have registered, and kills the process in the midst of it.
// It answers who was told that they are registered.
func loadAndKill(t *testing.T, p *process, refreshers []*refresher, round, newcomers int) []string {
	t.Helper()
	var all sync.WaitGroup
	for _, r := range refreshers {
		all.Go(func() { r.refreshUntilGone(t, p.service(t)) })
	}
	var answered atomic.Int64
	enough := make(chan struct{})
	registered := make([][]string, 4)
	for i := range registered {
		all.Go(func() {
			s := p.service(t)
			for n := 0; ; n++ {
				email := fmt.Sprintf("newcomer%d-%d-%d@example.org", round, i, n)
				if _, err := s.Register(t.Context(), scenario.Registration{Email: email, Password: password}); err != nil {
					gone(t, err)
					return
				}
				registered[i] = append(registered[i], email)
				if answered.Add(1) == int64(newcomers) {
					close(enough)
				}
			}
		})
	}
	<-enough
	p.kill(t)
	all.Wait()
	var emails []string
	for _, each := range registered {
		emails = append(emails, each...)
	}
	return emails
}

// gone tells a process that was killed from one that refuses somebody, which this one never should.
func gone(t *testing.T, err error) {
	t.Helper()
	if code := refusal(err); code != "" {
		t.Errorf("somebody was refused: %s", code)
	}
}

// canSignIn checks that all who were answered are there.
func canSignIn(t *testing.T, s scenario.Service, emails []string) {
	t.Helper()
	var all sync.WaitGroup
	for _, email := range emails {
		all.Go(func() {
			if _, err := s.Login(t.Context(), scenario.Credentials{Email: email, Password: password}); err != nil {
				t.Errorf("%s was told that they are registered, and cannot sign in: %v", email, err)
			}
		})
	}
	all.Wait()
}

// refresher is a front end that refreshes one session for ever.
type refresher struct {
	retired string // the predecessor of the newest
	newest  string // that it was answered
}

func (r *refresher) refreshUntilGone(t *testing.T, s scenario.Service) {
	for {
		tokens, err := s.Refresh(t.Context(), r.newest)
		if err != nil {
			gone(t, err)
			return
		}
		r.retired, r.newest = r.newest, tokens.RefreshToken
	}
}

// goesOn checks that the token that was answered last still works. The refresh that the kill cut off may have happened or
// not: if so, that token is the predecessor by now, and forgiven.
func (r *refresher) goesOn(t *testing.T, s scenario.Service) {
	t.Helper()
	next := refresh(t, s, r.newest)
	if again := refresh(t, s, r.newest); again != next {
		t.Error("the predecessor gets another token than the first time")
	}
	r.retired, r.newest = r.newest, next
}

// isGuarded checks that what is older than the predecessor is still theft.
func (r *refresher) isGuarded(t *testing.T, s scenario.Service) {
	t.Helper()
	stolen := r.retired
	r.newest = refresh(t, s, r.newest)
	if _, err := s.Refresh(t.Context(), stolen); refusal(err) != "token_reused" {
		t.Errorf("a retired token gets %v", err)
	}
	if _, err := s.Refresh(t.Context(), r.newest); refusal(err) != "session_ended" {
		t.Errorf("after a theft, the newest token gets %v", err)
	}
}

// intact checks the database as the kill left it.
func intact(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	must(t, err)
	var verdict string
	must(t, db.QueryRow(`PRAGMA integrity_check`).Scan(&verdict))
	must(t, db.Close())
	if verdict != "ok" {
		t.Errorf("the database is damaged: %s", verdict)
	}
}
