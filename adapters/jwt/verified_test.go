package jwt_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/jwt"
	"github.com/latchkey-auth/latchkey/domain"
)

// A check of the signature allocates, and much more does reading the token.
func TestTokenThatComesAgainIsNotVerifiedAgain(t *testing.T) {
	tokens := newTokens(t)
	token := signed(t, tokens)
	if allocations := testing.AllocsPerRun(100, func() { accepts(t, tokens, token, now) }); allocations > 0 {
		t.Errorf("%v allocations for a token that was verified before", allocations)
	}
}

func TestKeyThatIsRetiredRefusesWhatItSigned(t *testing.T) {
	dir := t.TempDir()
	keys, _, err := jwt.OpenKeyring(dir)
	must(t, err)
	tokens := jwt.New(config(keys))
	token := signed(t, tokens)
	accepts(t, tokens, token, now)

	folder, old := jwt.KeyFolder{Dir: dir, Now: time.Now}, keys.Active().ID
	next, err := folder.Add()
	must(t, err)
	must(t, folder.Activate(next, true))
	_, err = keys.Reload()
	must(t, err)
	accepts(t, tokens, token, now)

	must(t, folder.Retire(old, time.Minute, true))
	_, err = keys.Reload()
	must(t, err)
	refuses(t, tokens, token, now, domain.ErrTokenInvalid)
	accepts(t, tokens, signed(t, tokens), now)
}

func TestTokenThatWasVerifiedIsJudgedByTheClockEachTime(t *testing.T) {
	tokens := newTokens(t)
	token := signed(t, tokens)
	for range 2 {
		accepts(t, tokens, token, now)
		refuses(t, tokens, token, now.Add(15*time.Minute), domain.ErrTokenExpired)
		refuses(t, tokens, token, now.Add(-time.Hour), domain.ErrTokenInvalid)
	}
}

// A token that differs from a verified one in one letter is another token.
func TestForgeryOfATokenThatWasVerifiedIsRefused(t *testing.T) {
	tokens := newTokens(t)
	token := signed(t, tokens)
	accepts(t, tokens, token, now)
	for i := range token.Reveal() {
		forged := []byte(token.Reveal())
		forged[i] ^= 1
		refuses(t, tokens, domain.NewSecret(string(forged)), now, domain.ErrTokenInvalid)
	}
	if _, err := tokens.VerifyRefresh(token, now); !errors.Is(err, domain.ErrTokenInvalid) {
		t.Errorf("as a refresh token: %v", err)
	}
}

// Many verify the tokens of many, while the keys are read again.
func TestManyVerifyAtOnce(t *testing.T) {
	keys, _, err := jwt.OpenKeyring(t.TempDir())
	must(t, err)
	tokens := jwt.New(config(keys))
	var all []domain.Session
	var presented []domain.Secret
	for i := range 16 {
		s := session
		s.ID = domain.SessionID(fmt.Sprint("sid-", i))
		token, err := tokens.IssueAccess(user, s, now)
		must(t, err)
		all, presented = append(all, s), append(presented, token.Secret)
	}
	var running sync.WaitGroup
	for range 8 {
		running.Go(func() {
			for i, token := range presented {
				if claims, err := tokens.VerifyAccess(token, now); err != nil || claims.SessionID != all[i].ID {
					t.Errorf("got %+v, %v, want %s", claims, err, all[i].ID)
				}
				if _, err := keys.Reload(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	running.Wait()
}

func signed(t *testing.T, tokens *jwt.Tokens) domain.Secret {
	t.Helper()
	token, err := tokens.IssueAccess(user, session, now)
	must(t, err)
	return token.Secret
}

func accepts(t *testing.T, tokens *jwt.Tokens, token domain.Secret, at time.Time) {
	t.Helper()
	want := domain.AccessClaims{UserID: user.ID, SessionID: session.ID, ExpiresAt: now.Add(15 * time.Minute).Truncate(time.Second)}
	if claims, err := tokens.VerifyAccess(token, at); err != nil || claims != want {
		t.Fatalf("got %+v, %v, want %+v", claims, err, want)
	}
}

func refuses(t *testing.T, tokens *jwt.Tokens, token domain.Secret, at time.Time, want error) {
	t.Helper()
	if claims, err := tokens.VerifyAccess(token, at); !errors.Is(err, want) {
		t.Fatalf("got %+v, %v, want %v", claims, err, want)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
