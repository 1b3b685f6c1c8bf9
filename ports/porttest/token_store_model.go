package porttest

import (
	"errors"
	"fmt"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// kept is how many sessions a user may get in a history: each client makes so many, and ids are never used again.
const (
	keptByEach = 2
	kept       = 1 + keptByEach*historyClients
)

// record is what is known of a session. The zero record is none.
type record struct {
	mark    string
	version int64
}

// String is the record as it is shown in a history.
func (r record) String() string { return fmt.Sprintf("{%s v%d}", r.mark, r.version) }

// session is base with the record. The mark stands in several fields, so that a half-written one shows.
func (r record) session(base domain.Session) domain.Session {
	base.UserAgent, base.IP, base.Version = r.mark, r.mark, r.version
	return base
}

func recordOf(s domain.Session) record {
	if s.IP != s.UserAgent {
		return record{fmt.Sprintf("half %q, half %q", s.UserAgent, s.IP), s.Version}
	}
	return record{s.UserAgent, s.Version}
}

// records are the sessions of a user in a round.
type records [kept]record

// String is the records as they are shown in a history: those that there are.
func (s records) String() string {
	text := ""
	for which, r := range s {
		if r.version != 0 {
			text += fmt.Sprintf("%d:%v ", which, r)
		}
	}
	return text
}

// sessionCall is a call of a TokenStore.
type sessionCall struct {
	what  string
	user  domain.UserID
	which int
	with  record // what is written
}

func (c sessionCall) part() string { return string(c.user) }
func (c sessionCall) writes() bool { return c.what != "Get" && c.what != "ByUser" }

// String is the call as it is shown in a history.
func (c sessionCall) String() string {
	return fmt.Sprintf("%s of session %d with %v", c.what, c.which, c.with)
}

// sessionMachine is a store of one user's sessions, one call after the other.
func sessionMachine(s records, c call, a answer) (records, bool) {
	call := c.(sessionCall)
	stored := s[call.which].version
	switch {
	case a.unknown():
		return s.after(call), true
	case errors.Is(a.err, ports.ErrStale):
		return s, call.what == "Update" && stored != 0 && stored != call.with.version
	case errors.Is(a.err, ports.ErrNotFound):
		return s, (call.what == "Update" || call.what == "Get") && stored == 0
	case a.err != nil:
		return s, false
	case call.what == "Get":
		return s, stored != 0 && s[call.which] == a.value
	case call.what == "ByUser":
		return s, s == a.value
	}
	return s.after(call), call.what != "Update" || stored != 0 && stored == call.with.version
}

// after is what a write leaves behind. One that must be refused changes nothing.
func (s records) after(c sessionCall) records {
	stored := s[c.which].version
	switch {
	case c.what == "DeleteByUser":
		return records{}
	case c.what == "Update" && (stored == 0 || stored != c.with.version):
		return s
	}
	s[c.which] = c.with
	s[c.which].version++ // 1 where a session is created: they come with version 0
	return s
}
