package porttest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var userLinearizableRules = []rule[users]{
	{"CompareAndSwap", usersLinearize(userMix{"Update", "Update", "ByID"}, certain)},
	{"UsersAndTheirNames", usersLinearize(userMixOfAll, certain)},
	{"WithContextsThatEnd", usersLinearize(userMixOfWrites, uncertain)},
}

// userMix is what clients ask for, the more often the more often it stands there.
type userMix []string

var userMixOfAll = userMix{
	"Create", "Create", "Create", "Update", "Update", "Update", "Update", "Delete", "ByID", "ByID", "ByEmail", "ByEmail", "ByUsername",
}

// userMixOfWrites has most writes be seen, rather than deleted.
var userMixOfWrites = userMix{"Create", "Update", "Update", "Update", "Update", "Update", "ByID", "ByID", "ByEmail", "Delete"}

// usersLinearize records short histories of clients who share a few users and names, and checks each.
func usersLinearize(mix userMix, p plan) func(t *testing.T, s users) {
	return func(t *testing.T, s users) {
		for round := range p.rounds {
			r := userRound{t: t, users: s, history: new(history), name: fmt.Sprintf("round%d-", round)}
			for who := range few {
				r.ids[who] = domain.NewUserID(birth)
			}
			r.do(historyClients, r.first())
			r.atOnce(round, p, func(c client) func() { return r.newActs(c, mix) })
			for who := range few {
				r.do(historyClients, userCall{what: "ByID", who: who})
			}
			wantLinearizable(t, r.history, userMachine)
		}
	}
}

// userRound is a history in the making, of users who are nobody's but its own.
type userRound struct {
	users
	*history
	t    *testing.T
	name string
	ids  [few]domain.UserID
}

// first is the call that makes the first user, with an email alone.
func (r *userRound) first() userCall {
	return userCall{"Create", 0, account{email: r.email(0), mark: "first"}}
}

func (r *userRound) email(i int) string    { return fmt.Sprintf("%s%d@example.org", r.name, i) }
func (r *userRound) username(i int) string { return fmt.Sprintf("%s%d", r.name, i) }

// newActs is what a client does, which knows the versions that it was told of.
func (r *userRound) newActs(c client, mix userMix) (act func()) {
	known := [few]int64{1, 1, 1}
	calls := 0
	return func() {
		calls++
		call := r.choose(c, mix, known)
		call.with.mark = fmt.Sprintf("%d.%d", c.id, calls)
		a := r.history.do(c.id, call, r.asker(c.context(r.t), call))
		found, ok := a.value.(account)
		switch {
		case ok && call.what == "ByID":
			known[call.who] = found.version
		case call.what == "Update" && (a.err == nil || errors.Is(a.err, ports.ErrStale)):
			known[call.who]++ // after ErrStale that is a guess
		}
	}
}

// choose is a call by chance. Where users are but updated, it is always the first, with names that are nobody else's.
func (r *userRound) choose(c client, mix userMix, known [few]int64) userCall {
	call := userCall{what: mix[c.IntN(len(mix))]}
	if slices.Contains(mix, "Create") {
		call.who = c.IntN(few)
		call.with.email, call.with.username = r.email(c.IntN(few)), r.username(c.IntN(few))
	}
	if call.what == "Update" {
		call.with.version = known[call.who]
	}
	return call
}

// do makes a call whose context does not end.
func (r *userRound) do(client int, c userCall) { r.history.do(client, c, r.asker(r.t.Context(), c)) }

// asker asks the repository what the call says.
func (r *userRound) asker(ctx context.Context, c userCall) func() answer {
	u := c.with.user(r.ids[c.who])
	found := func(u domain.User, err error) answer {
		if err != nil {
			return answer{err: err}
		}
		return answer{value: accountOf(u)}
	}
	return func() answer {
		switch c.what {
		case "Create":
			return answer{err: r.Create(ctx, u)}
		case "Update":
			return answer{err: r.Update(ctx, u)}
		case "Delete":
			return answer{err: r.Delete(ctx, u.ID)}
		case "ByEmail":
			return found(r.ByLogin(ctx, domain.Login{Email: u.Email}))
		case "ByUsername":
			return found(r.ByLogin(ctx, domain.Login{Username: u.Username}))
		}
		return found(r.ByID(ctx, u.ID))
	}
}
