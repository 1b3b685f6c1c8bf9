package mongo

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// Emails and usernames that Latchkey stores are folded, and one unique index each keeps two users from having the same.
// Those that an Express back end stored may be in mixed case. They are found by a second lookup that ignores case, after
// one for the name itself has found nobody. Such names go, but never come: nobody stores one through Latchkey. So who
// looked for one before writing cannot be overtaken by another.

// ignoringCase compares letters whatever their case. It takes more for the same than Latchkey does, "ß" and "ss" say,
// and so do regular expressions in places: what they find is looked at again.
var ignoringCase = &options.Collation{Locale: "en", Strength: 2}

// nameOf is the field that the login is looked up in, and the name.
func nameOf(login domain.Login) (field, name string) {
	if !login.Email.IsZero() {
		return "email", login.Email.String()
	}
	return "username", login.Username.String()
}

// fold is a stored name in the form in which people's logins are compared.
func fold(field, stored string) string {
	if field == "email" {
		return domain.RestoreEmail(stored).String()
	}
	login, err := domain.NewLogin("", stored)
	if err != nil {
		return "" // too long, or blank: nobody can sign in by it
	}
	return login.Username.String()
}

// holder is a user who has a name, and whose document cannot be read if unreadable says so.
type holder struct {
	domain.User
	unreadable error
}

// holders are the users who have the name: one at most, if Latchkey alone wrote them.
func (r *Users) holders(ctx context.Context, login domain.Login) ([]holder, error) {
	field, name := nameOf(login)
	if name == "" {
		return nil, nil
	}
	users, err := r.find(ctx, bson.D{{Key: field, Value: textValue(name)}}, options.Find(), login)
	if err != nil || len(users) > 0 {
		return users, err
	}
	return r.inAnyCase(ctx, login)
}

// inAnyCase are the users who have one of the names, in whatever case.
func (r *Users) inAnyCase(ctx context.Context, logins ...domain.Login) ([]holder, error) {
	var either bson.A
	for _, login := range logins {
		if field, name := nameOf(login); name != "" {
			either = append(either, bson.D{{Key: field, Value: r.store.engine.inAnyCase(name)}})
		}
	}
	if either == nil {
		return nil, nil
	}
	opts := options.Find()
	if r.store.engine.collates {
		opts.SetCollation(ignoringCase)
	}
	return r.find(ctx, bson.D{{Key: "$or", Value: either}}, opts, logins...)
}

// inAnyCase selects at least what differs from the name by case alone.
func (e engine) inAnyCase(name string) any {
	if e.collates || !utf8.ValidString(name) {
		return textValue(name)
	}
	pattern := "^" + strings.ReplaceAll(regexp.QuoteMeta(name), "\x00", `\x00`) + "$"
	return bson.D{{Key: "$regex", Value: pattern}, {Key: "$options", Value: "i"}}
}

// find are those users that the filter selects and that really have one of the names.
func (r *Users) find(ctx context.Context, filter bson.D, opts *options.FindOptionsBuilder, logins ...domain.Login) (found []holder, err error) {
	for u, err := range each(ctx, r.store.users, filter, opts, readUser) {
		if _, unreadable := errors.AsType[*ports.UnreadableError](err); err != nil && !unreadable {
			return nil, err
		}
		if slices.ContainsFunc(logins, func(login domain.Login) bool { return has(u, login) }) {
			found = append(found, holder{u, err})
		}
	}
	return found, nil
}

// has reports whether the user signs in by that name.
func has(u domain.User, login domain.Login) bool {
	if !login.Email.IsZero() {
		return u.Email == login.Email
	}
	return !login.Username.IsZero() && (u.Username == login.Username || fold("username", u.Username.String()) == login.Username.String())
}

// newNames is u with those names only that differ from the stored ones.
func newNames(stored, u domain.User) domain.User {
	if u.Email == stored.Email {
		u.Email = domain.Email{}
	}
	if u.Username == stored.Username {
		u.Username = domain.Username{}
	}
	return u
}

// claim makes a write that gives a user these names, unless somebody else has one of them. The unique indexes decide;
// what they cannot see, names in another case, is looked for first.
func (r *Users) claim(ctx context.Context, names domain.User, write func() error) error {
	for {
		taken, err := r.taken(ctx, names)
		if err != nil {
			return err
		}
		if len(taken) > 0 {
			return domain.UserExists(taken...)
		}
		err = write()
		field, duplicate := violated(err)
		if !duplicate {
			return err
		}
		if field != "" {
			return domain.UserExists(field)
		}
		// The engine does not say which: the next round finds it, unless it is free again by then.
	}
}

// taken is which of the names others have.
func (r *Users) taken(ctx context.Context, names domain.User) (fields []string, err error) {
	logins := []domain.Login{{Email: names.Email}, {Username: names.Username}}
	holders, err := r.inAnyCase(ctx, logins...)
	if err != nil {
		return nil, err
	}
	for _, login := range logins {
		if slices.ContainsFunc(holders, func(h holder) bool { return h.ID != names.ID && has(h.User, login) }) {
			field, _ := nameOf(login)
			fields = append(fields, field)
		}
	}
	return fields, nil
}
