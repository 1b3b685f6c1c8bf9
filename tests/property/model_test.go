// Package property drives random histories of one session over everything that holds sessions,
// and compares each step with a plain model.
package property

import (
	"time"

	"github.com/latchkey-auth/latchkey/domain"
)

const (
	grace      = 30 * time.Second
	refreshTTL = 48 * time.Hour
	maxAge     = 72 * time.Hour
	endedKept  = 24 * time.Hour
)

// token is a refresh token that somebody may present.
type token struct {
	generation int64
	expires    time.Time
	forged     bool // signed well, but not made by the session
	secret     domain.Secret
}

// state is what one write left of a session.
type state struct {
	generation int64
	rotated    time.Time
	expires    time.Time
	ended      time.Time // zero while it lives
	reason     domain.EndReason
	newest     domain.Secret // the token that was answered with this write
}

// model is a session as a reader of the design would keep it on paper. It shares nothing with what it checks.
type model struct {
	now      time.Time
	created  time.Time
	state    state
	writes   []state
	honoured bool // the password of the sign-in, or one set in this session, is still the user's
}

// verdict is what becomes of a refresh token that is presented.
type verdict struct {
	code   domain.Code // "" where it is good
	rotate bool        // the answer is a new token; otherwise the newest one again
	reused bool        // the session ends
}

// rules is the table: the first row that holds decides.
var rules = []struct {
	when func(m *model, t token) bool
	then verdict
}{
	{(*model).pastItsTime, verdict{code: domain.CodeTokenExpired}},
	{(*model).forgotten, verdict{code: domain.CodeSessionEnded}},
	{func(_ *model, t token) bool { return t.forged }, verdict{code: domain.CodeTokenInvalid}},
	{func(m *model, _ token) bool { return !m.alive() }, verdict{code: domain.CodeSessionEnded}},
	{func(m *model, t token) bool { return t.generation >= m.state.generation }, verdict{rotate: true}},
	{(*model).withinGrace, verdict{}},
	{func(*model, token) bool { return true }, verdict{code: domain.CodeTokenReused, reused: true}},
}

func (m *model) verdict(t token) verdict {
	for _, rule := range rules {
		if rule.when(m, t) {
			return rule.then
		}
	}
	panic("the last row always holds")
}

func (m *model) pastItsTime(t token) bool { return !m.now.Before(t.expires) }

func (m *model) withinGrace(t token) bool {
	return t.generation == m.state.generation-1 && m.now.Sub(m.state.rotated) <= grace
}

func (m *model) forgotten(token) bool {
	if m.ended() {
		return m.now.Sub(m.state.ended) >= endedKept
	}
	return !m.now.Before(m.state.expires)
}

func (m *model) ended() bool { return !m.state.ended.IsZero() }

func (m *model) alive() bool { return !m.ended() && m.now.Before(m.state.expires) && m.honoured }

// begin is a sign-in.
func (m *model) begin(first domain.Secret) {
	*m = model{now: m.now, created: m.now, honoured: true}
	m.rotate(0, first)
}

// rotate retires a generation: the next one's token was answered.
func (m *model) rotate(retired int64, newest domain.Secret) {
	expires := m.now.Add(refreshTTL)
	if last := m.created.Add(maxAge); expires.After(last) {
		expires = last
	}
	m.write(state{generation: retired + 1, rotated: m.now, expires: expires, newest: newest})
}

// end ends what is still kept and has not ended.
func (m *model) end(reason domain.EndReason) {
	if m.ended() || m.forgotten(token{}) {
		return
	}
	s := m.state
	s.ended, s.reason = m.now, reason
	m.write(s)
}

func (m *model) write(s state) {
	m.state = s
	m.writes = append(m.writes, s)
}

// lose undoes the last k writes.
func (m *model) lose(k int) {
	m.writes = m.writes[:len(m.writes)-k]
	m.state = m.writes[len(m.writes)-1]
}
