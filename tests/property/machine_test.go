package property

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports/porttest"
)

// subject is what holds the session. Errors are those of the use cases.
type subject interface {
	signIn() (first domain.Secret, err error)
	refresh(token domain.Secret) (next domain.Secret, err error)
	logOut(token domain.Secret) error
	revoke() error
	// changePassword changes it in this session or in another one; resetPassword is an operator's.
	changePassword(here bool) error
	resetPassword() error

	// stored is the session as it is kept; false where it is forgotten.
	stored() (domain.Session, bool)
	// writes is how often the session was written, and lose undoes the last k of them.
	writes() int
	lose(k int) error
}

// machine does to the subject and to the model what it draws, and compares them.
type machine struct {
	subject
	clock  *porttest.Clock
	model  model
	first  domain.Session // as at sign-in, to make tokens of
	tokens []token        // all that were answered, oldest first
}

// check runs random histories. The subject is new for each; the clock is its clock, and only ever moves on.
func check(t *testing.T, clock *porttest.Clock, open func(*rapid.T) subject) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		m := &machine{subject: open(t), clock: clock}
		m.model.now = clock.Now()
		m.begin(t)
		t.Repeat(map[string]func(*rapid.T){
			"":                        m.compare,
			"refresh":                 m.refreshWith(m.newest),
			"refresh by the previous": m.refreshWith(m.previous),
			"refresh by any":          m.refreshWith(m.any),
			"wait a little":           m.wait(time.Second, grace-time.Second, grace, grace+time.Second),
			"wait long":               m.wait(time.Hour, refreshTTL/2, refreshTTL-time.Second, refreshTTL, endedKept-time.Second, endedKept),
			"change password":         m.change,
			"end":                     m.endSomehow,
			"lose writes":             m.loseWrites,
			"sign in again":           m.signInAgain,
		})
	})
}

func (m *machine) begin(t *rapid.T) {
	first, err := m.signIn()
	if err != nil {
		t.Fatal(err)
	}
	session, ok := m.stored()
	if !ok {
		t.Fatal("a new session is not there")
	}
	m.first = session
	m.model.begin(first)
	m.tokens = nil
	m.keep(first)
}

func (m *machine) signInAgain(t *rapid.T) {
	if m.model.alive() {
		t.Skip("it is alive")
	}
	m.begin(t)
}

// keep remembers a token that was answered.
func (m *machine) keep(secret domain.Secret) {
	m.tokens = append(m.tokens, token{generation: m.model.state.generation, expires: m.model.state.expires, secret: secret})
}

// any is a token that was answered, or one that was not.
func (m *machine) any(t *rapid.T) token {
	return rapid.SampledFrom([]func(*rapid.T) token{m.answered, m.unstored, m.forged}).Draw(t, "kind")(t)
}

func (m *machine) answered(t *rapid.T) token { return rapid.SampledFrom(m.tokens).Draw(t, "token") }

func (m *machine) newest(*rapid.T) token { return m.tokens[len(m.tokens)-1] }

func (m *machine) previous(t *rapid.T) token {
	if len(m.tokens) < 2 {
		t.Skip("there is none")
	}
	return m.tokens[len(m.tokens)-2]
}

// unstored is a token that the session made in writes which nobody remembers.
func (m *machine) unstored(t *rapid.T) token {
	return m.made(t, m.first)
}

// forged is by somebody who has the signing secret, but not the seed.
func (m *machine) forged(t *rapid.T) token {
	stranger := m.first
	stranger.Seed[0] ^= 1
	made := m.made(t, stranger)
	made.forged = true
	return made
}

func (m *machine) made(t *rapid.T, s domain.Session) token {
	s.Generation = m.model.state.generation + rapid.Int64Range(1, 5).Draw(t, "generations ahead")
	s.RotatedAt, s.ExpiresAt = m.clock.Now(), m.clock.Now().Add(refreshTTL)
	secret, err := issue(s)
	if err != nil {
		t.Fatal(err)
	}
	return token{generation: s.Generation, expires: s.ExpiresAt, secret: secret}
}

func (m *machine) refreshWith(pick func(*rapid.T) token) func(*rapid.T) {
	return func(t *rapid.T) {
		presented := pick(t)
		want := m.model.verdict(presented)
		next, err := m.refresh(presented.secret)
		expect(t, err, want.code)
		switch {
		case want.reused:
			m.model.end(domain.EndReused)
		case want.rotate:
			m.model.rotate(presented.generation, next)
			m.keep(next)
		case want.code == "" && !next.Equal(m.model.state.newest):
			t.Fatal("a repeat answered another refresh token than the first answer")
		}
	}
}

func (m *machine) wait(durations ...time.Duration) func(*rapid.T) {
	return func(t *rapid.T) {
		m.clock.Advance(rapid.SampledFrom(durations).Draw(t, "duration"))
		m.model.now = m.clock.Now()
	}
}

// leave logs out, with any token: a retired one is good enough for leaving.
func (m *machine) leave(t *rapid.T) {
	presented := m.answered(t)
	err := m.logOut(presented.secret)
	if m.model.pastItsTime(presented) {
		expect(t, err, domain.CodeTokenExpired)
		return
	}
	expect(t, err, "")
	m.model.end(domain.EndSignedOut)
}

func (m *machine) end(t *rapid.T) {
	err := m.revoke()
	if m.model.forgotten(token{}) {
		expect(t, err, domain.CodeNotFound)
		return
	}
	expect(t, err, "")
	m.model.end(domain.EndRevoked)
}

// change is of the password, in the session.
func (m *machine) change(t *rapid.T) {
	if !m.model.alive() {
		t.Skip("only who is signed in changes the password")
	}
	expect(t, m.changePassword(true), "")
}

func (m *machine) changeElsewhere(t *rapid.T) {
	expect(t, m.changePassword(false), "")
	m.model.honoured = false
	m.model.end(domain.EndPasswordChanged)
}

func (m *machine) reset(t *rapid.T) {
	expect(t, m.resetPassword(), "")
	m.model.honoured = false
}

// endSomehow is one action, so that most of a history goes by before it happens.
func (m *machine) endSomehow(t *rapid.T) {
	rapid.SampledFrom([]func(*rapid.T){m.leave, m.end, m.changeElsewhere, m.reset}).Draw(t, "how")(t)
}

func (m *machine) loseWrites(t *rapid.T) {
	if len(m.model.writes) < 2 {
		t.Skip("there is nothing to lose but the session")
	}
	k := rapid.IntRange(1, len(m.model.writes)-1).Draw(t, "writes")
	m.model.lose(k)
	if err := m.lose(k); err != nil {
		t.Fatal(err)
	}
}

// compare checks after each step that what is kept is what the model holds.
func (m *machine) compare(t *rapid.T) {
	got, kept := m.stored()
	if kept == m.model.forgotten(token{}) {
		t.Fatalf("the session is kept: %t; the model says %t", kept, !kept)
	}
	if m.writes() != len(m.model.writes) {
		t.Fatalf("the session was written %d times; want %d", m.writes(), len(m.model.writes))
	}
	if !kept {
		return
	}
	want := m.first
	want.Generation, want.RotatedAt, want.ExpiresAt = m.model.state.generation, m.model.state.rotated, m.model.state.expires
	want.EndedAt, want.EndReason, want.Version = m.model.state.ended, m.model.state.reason, got.Version
	if got != want {
		t.Fatalf("the session is %+v; want %+v", got, want)
	}
}

// expect checks an error by its code, "" being none.
func expect(t *rapid.T, err error, want domain.Code) {
	t.Helper()
	if want == "" && err == nil || want != "" && errors.Is(err, &domain.Error{Code: want}) {
		return
	}
	t.Fatalf("the error is %v; want the code %q", err, want)
}
