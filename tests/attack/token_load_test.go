package attack_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/jwt"
	"github.com/latchkey-auth/latchkey/tests/scenario"
	"github.com/latchkey-auth/latchkey/tests/world"
)

const (
	accessTTL = 15 * time.Minute
	leeway    = 30 * time.Second
)

// load is two processes on one folder of data, and people whom they serve all the while.
type load struct {
	one, other *world.World
	clock      sync.RWMutex // held for reading by who depends on the time

	mu     sync.Mutex
	rounds []int // of each person
	round  *sync.Cond
	signed map[string]bool // the keys that signed
}

func newLoad(t *testing.T) *load {
	t.Helper()
	settings := map[string]string{"DATA_DIR": t.TempDir(), "PUBLIC_URL": "https://auth.example.org", "THROTTLE": "off", "REQUEST_TIMEOUT": "1m"}
	l := &load{one: world.Open(t, settings), other: world.Open(t, settings), rounds: make([]int, 4), signed: map[string]bool{}}
	l.round = sync.NewCond(&l.mu)
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	t.Cleanup(func() { // before the processes end
		stop()
		running.Wait()
	})
	for i := range l.rounds {
		p := newServed(t, l, fmt.Sprintf("person%d@example.org", i))
		running.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				p.goOn(t, n)
				l.count(i)
			}
		})
	}
	l.settle()
	return l
}

func (l *load) count(i int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rounds[i]++
	l.round.Broadcast()
}

// settle lets everybody be served as things are now: for three whole rounds each.
func (l *load) settle() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, from := range slices.Clone(l.rounds) {
		for l.rounds[i] < from+4 { // the first of them may have begun before
			l.round.Wait()
		}
	}
}

// noticed has the processes notice what is new among the keys, one at once and the other as late as it may be.
func (l *load) noticed(t *testing.T) {
	t.Helper()
	l.settle()
	l.one.ReloadKeys(t.Context())
	l.settle()
	l.advance(t, jwt.ReloadEvery)
	l.other.ReloadKeys(t.Context())
	l.settle()
}

// advance has time pass for everybody.
func (l *load) advance(t *testing.T, d time.Duration) {
	t.Helper()
	l.clock.Lock()
	l.one.Clock.Advance(d)
	l.other.Clock.Advance(d)
	l.clock.Unlock()
	l.settle()
}

// kids are the keys that signed since the beginning.
func (l *load) kids() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Sorted(maps.Keys(l.signed))
}

// served is a person who is served by both processes in turn.
type served struct {
	*load
	at     [2]scenario.Service
	email  string
	in     scenario.Tokens
	latest map[string]scenario.Tokens // of each key, the last that it signed

	published map[string]bool // the JWK set, as another service has it
	read      time.Time       // when that was
}

func newServed(t *testing.T, l *load, email string) *served {
	t.Helper()
	p := &served{load: l, email: email, latest: map[string]scenario.Tokens{},
		at: [2]scenario.Service{scenario.HTTP(l.one.Client, l.one.URL), scenario.HTTP(l.other.Client, l.other.URL)}}
	_, err := p.at[0].Register(t.Context(), scenario.Registration{Email: email, Password: oldPassword})
	must(t, err)
	return p
}

// goOn is one round: a sign-in or a refresh at one of the processes, and every token that is good at both, and elsewhere.
func (p *served) goOn(t *testing.T, n int) {
	p.clock.RLock()
	defer p.clock.RUnlock()
	var err error
	if at := p.at[n%2]; n%4 == 0 {
		var in scenario.SignedIn
		in, err = at.Login(context.Background(), scenario.Credentials{Email: p.email, Password: oldPassword})
		p.in = in.Tokens
	} else {
		p.in, err = at.Refresh(context.Background(), p.in.RefreshToken)
	}
	if err != nil {
		t.Errorf("round %d: %v", n, err)
		return
	}
	kid := p.keep(t)
	now := p.other.Clock.Now() // which was set a moment later
	if age := now.Sub(p.read); age >= jwt.PublishedFor {
		p.published, p.read = readKeys(t, []*world.World{p.one, p.other}[n%2]), now
	}
	if !p.published[kid] {
		t.Errorf("round %d: a key signs that is not in a JWK set %v old", n, now.Sub(p.read))
	}
	for kid, token := range p.latest {
		if now.Before(token.AccessTokenExpiresAt) {
			p.present(t, n, kid, token.AccessToken)
		}
	}
}

func (p *served) present(t *testing.T, n int, kid, token string) {
	for i, at := range p.at {
		if _, err := at.Me(context.Background(), token); err != nil {
			t.Errorf("round %d: a token of the key %s at process %d: %v", n, kid, i, err)
		}
	}
}

// keep remembers the newest token by the key that signed it.
func (p *served) keep(t *testing.T) (kid string) {
	header, _ := parts(t, p.in.AccessToken)
	kid, _ = header["kid"].(string)
	p.latest[kid] = p.in
	p.mu.Lock()
	defer p.mu.Unlock()
	p.signed[kid] = true
	return kid
}

// readKeys are the ids in the JWK set of a process.
func readKeys(t *testing.T, at *world.World) map[string]bool {
	var set struct{ Keys []struct{ Kid string } }
	resp, err := at.Client.Get(at.URL + "/.well-known/jwks.json")
	if err == nil {
		err = errors.Join(json.NewDecoder(resp.Body).Decode(&set), resp.Body.Close())
	}
	if err != nil {
		t.Error(err)
	}
	kids := map[string]bool{}
	for _, key := range set.Keys {
		kids[key.Kid] = true
	}
	return kids
}
