package porttest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var sessionLinearizableRules = []rule[sessions]{
	{"CompareAndSwap", sessionsLinearize(sessionMix{"Update", "Update", "Get"}, certain)},
	{"SessionsOfAUser", sessionsLinearize(sessionMixOfAll, certain)},
	{"WithContextsThatEnd", sessionsLinearize(sessionMixOfWrites, uncertain)},
}

// sessionMix is what clients ask for, the more often the more often it stands there.
type sessionMix []string

var sessionMixOfAll = sessionMix{
	"Create", "Create", "Create", "Update", "Update", "Update", "Update", "DeleteByUser", "Get", "Get", "ByUser", "ByUser", "ByUser",
}

// sessionMixOfWrites has most writes be seen, rather than deleted.
var sessionMixOfWrites = sessionMix{"Create", "Update", "Update", "Update", "Update", "Update", "Get", "Get", "ByUser", "DeleteByUser"}

// sessionsLinearize records short histories of clients who share the sessions of two users, and checks each user's.
func sessionsLinearize(mix sessionMix, p plan) func(t *testing.T, s sessions) {
	return func(t *testing.T, s sessions) {
		for round := range p.rounds {
			r := sessionRound{t: t, sessions: s, history: new(history), mix: mix}
			for i := range r.users {
				r.users[i] = domain.NewUserID(s.clock.Now())
				r.do(historyClients, sessionCall{what: "Create", user: r.users[i], with: record{mark: "first"}})
			}
			r.atOnce(round, p, r.newActs)
			for _, user := range r.users {
				r.do(historyClients, sessionCall{what: "ByUser", user: user})
			}
			wantLinearizable(t, r.history, sessionMachine)
		}
	}
}

// sessionRound is a history in the making, of users who are nobody's but its own.
type sessionRound struct {
	sessions
	*history
	t     *testing.T
	mix   sessionMix
	users [2]domain.UserID
}

// do makes a call whose context does not end.
func (r *sessionRound) do(client int, c sessionCall) {
	r.history.do(client, c, r.asker(r.t.Context(), c))
}

// newActs is what a client does.
func (r *sessionRound) newActs(c client) (act func()) {
	k := knower{client: c, mix: r.mix, known: map[domain.UserID]*records{}, made: map[domain.UserID]int{}}
	for _, user := range r.users {
		k.known[user] = &records{{version: 1}}
	}
	return func() {
		call := k.choose(r.users[c.IntN(len(r.users))])
		k.learn(call, r.history.do(c.id, call, r.asker(c.context(r.t), call)))
	}
}

// knower is a client who knows the sessions and versions that it was told of.
type knower struct {
	client
	mix   sessionMix
	calls int
	known map[domain.UserID]*records
	made  map[domain.UserID]int // how many sessions
}

// choose is a call by chance, about a session that the client knows or makes.
func (k *knower) choose(user domain.UserID) sessionCall {
	k.calls++
	call := sessionCall{what: k.mix[k.IntN(len(k.mix))], user: user}
	switch {
	case call.what == "Create" && k.made[user] == keptByEach:
		call.what = "ByUser"
	case call.what == "Create":
		call.which = 1 + k.client.id*keptByEach + k.made[user]
		k.made[user]++
	case call.what == "Get" || call.what == "Update":
		call.which = k.pick(user)
	}
	if call.writes() {
		call.with.mark = fmt.Sprintf("%d.%d", k.client.id, k.calls)
	}
	if call.what == "Update" {
		call.with.version = k.known[user][call.which].version
	}
	return call
}

// pick is a session that the client knows of, by chance.
func (k *knower) pick(user domain.UserID) (which int) {
	seen := 0
	for i, r := range k.known[user] {
		if r.version == 0 {
			continue
		}
		if seen++; k.IntN(seen) == 0 {
			which = i
		}
	}
	return which
}

// learn takes in what the client was told.
func (k *knower) learn(c sessionCall, a answer) {
	knows := k.known[c.user]
	switch told := a.value.(type) {
	case record:
		knows[c.which] = told
	case records:
		*knows = told
	default:
		written := a.err == nil && (c.what == "Create" || c.what == "Update")
		if written || errors.Is(a.err, ports.ErrStale) {
			knows[c.which].version = c.with.version + 1 // after ErrStale that is a guess
		}
	}
}

// session is what the call is about, as it would be stored.
func (r *sessionRound) session(c sessionCall) domain.Session {
	base := r.newSession(c.user, "")
	base.ID = r.id(c.user, c.which)
	return c.with.session(base)
}

func (r *sessionRound) id(user domain.UserID, which int) domain.SessionID {
	return domain.SessionID(fmt.Sprintf("%s-%d", user, which))
}

// asker asks the store what the call says.
func (r *sessionRound) asker(ctx context.Context, c sessionCall) func() answer {
	session := r.session(c)
	return func() answer {
		switch c.what {
		case "Create":
			return answer{err: r.Create(ctx, session)}
		case "Update":
			return answer{err: r.Update(ctx, session)}
		case "DeleteByUser":
			return answer{err: r.DeleteByUser(ctx, c.user)}
		case "ByUser":
			return r.answerAll(c.user)(r.ByUser(ctx, c.user))
		}
		got, err := r.Get(ctx, c.user, session.ID)
		if err != nil {
			return answer{err: err}
		}
		return answer{value: recordOf(got)}
	}
}

// answerAll is what ByUser said of a user.
func (r *sessionRound) answerAll(user domain.UserID) func([]domain.Session, error) answer {
	return func(all []domain.Session, err error) answer {
		if err != nil {
			return answer{err: err}
		}
		byID := map[domain.SessionID]record{}
		for _, session := range all {
			byID[session.ID] = recordOf(session)
		}
		var told records
		known := 0
		for which := range told {
			if one, ok := byID[r.id(user, which)]; ok {
				told[which] = one
				known++
			}
		}
		if known != len(all) {
			return answer{err: fmt.Errorf("ByUser answered %s, of which only %d are the user's", ids(all), known)}
		}
		return answer{value: told}
	}
}
