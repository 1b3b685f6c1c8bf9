package porttest

import (
	"errors"
	"fmt"
	"slices"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// few is how many users there are, and how many emails and usernames they compete for.
const few = 3

// account is what is known of a user. The zero account is nobody.
type account struct {
	email, username, mark string
	version               int64
}

// String is the account as it is shown in a history.
func (a account) String() string {
	return fmt.Sprintf("{%s %s %s v%d}", a.email, a.username, a.mark, a.version)
}

// user is the account with that id. The mark stands in several fields, so that a half-written one shows.
func (a account) user(id domain.UserID) domain.User {
	return domain.User{
		ID: id, Email: domain.RestoreEmail(a.email), Username: domain.RestoreUsername(a.username), Fullname: a.mark,
		PasswordHash: domain.NewSecret(a.mark), Avatar: a.mark, CreatedAt: birth, UpdatedAt: birth, Version: a.version,
	}
}

func accountOf(u domain.User) account {
	mark := u.Fullname
	if u.Avatar != mark || u.PasswordHash.Reveal() != mark {
		mark = fmt.Sprintf("half %q, half %q", u.Fullname, u.Avatar)
	}
	return account{u.Email.String(), u.Username.String(), mark, u.Version}
}

// accounts are the users of a round, in the order of their ids.
type accounts [few]account

// userCall is a call of a UserRepository.
type userCall struct {
	what string
	who  int     // whom a call by id is about
	with account // what is written, or the name that is looked up
}

func (c userCall) part() string { return "users" } // names tie them together
func (c userCall) writes() bool {
	return c.what == "Create" || c.what == "Update" || c.what == "Delete"
}

// String is the call as it is shown in a history.
func (c userCall) String() string { return fmt.Sprintf("%s of user %d with %v", c.what, c.who, c.with) }

// userMachine is a repository of users, one call after the other.
func userMachine(s accounts, c call, a answer) (accounts, bool) {
	call := c.(userCall)
	switch {
	case a.unknown():
		return s.after(call), true
	case a.err != nil:
		return s, s.mayRefuse(call, a.err)
	case call.writes():
		return s.after(call), !s.mustRefuse(call)
	}
	at := s.find(call)
	return s, at >= 0 && s[at] == a.value
}

// find is which user a call looks for, -1 where nobody is that.
func (s accounts) find(c userCall) int {
	for who, a := range s {
		is := who == c.who
		switch c.what {
		case "ByEmail":
			is = a.email == c.with.email
		case "ByUsername":
			is = a.username == c.with.username
		}
		if is && a.version != 0 {
			return who
		}
	}
	return -1
}

// after is what a write leaves behind. One that must be refused changes nothing.
func (s accounts) after(c userCall) accounts {
	if s.mustRefuse(c) {
		return s
	}
	s[c.who] = c.with
	s[c.who].version++ // 1 where a user is created: they come with version 0
	if c.what == "Delete" {
		s[c.who] = account{}
	}
	return s
}

// taken is which fields of a write belong to somebody else.
func (s accounts) taken(c userCall) (fields []string) {
	for who, other := range s {
		switch {
		case other.version == 0:
			continue
		case who == c.who && c.what == "Create":
			fields = append(fields, "_id")
		case who == c.who:
			continue
		}
		if other.email != "" && other.email == c.with.email {
			fields = append(fields, "email")
		}
		if other.username != "" && other.username == c.with.username {
			fields = append(fields, "username")
		}
	}
	return fields
}

// mustRefuse reports whether there is a reason not to make a write.
func (s accounts) mustRefuse(c userCall) bool {
	switch c.what {
	case "Create":
		return len(s.taken(c)) > 0
	case "Update":
		return s[c.who].version == 0 || s[c.who].version != c.with.version || len(s.taken(c)) > 0
	}
	return false
}

// mayRefuse reports whether err is a reason not to do it. Where there are several, any of them will do.
func (s accounts) mayRefuse(c userCall, err error) bool {
	blamed, exists := takenFields(err)
	stored := s[c.who].version
	switch {
	case exists:
		taken := s.taken(c)
		wrongly := func(field string) bool { return !slices.Contains(taken, field) }
		return c.writes() && len(blamed) > 0 && !slices.ContainsFunc(blamed, wrongly)
	case errors.Is(err, ports.ErrStale):
		return c.what == "Update" && stored != 0 && stored != c.with.version
	case errors.Is(err, ports.ErrNotFound):
		return c.what == "Update" && stored == 0 || !c.writes() && s.find(c) < 0
	}
	return false
}
