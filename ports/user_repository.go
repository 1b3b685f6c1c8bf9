package ports

import (
	"context"

	"github.com/latchkey-auth/latchkey/domain"
)

// UserRepository keeps the users.
//
// Every method is linearizable: it takes effect at one instant between call and return, for all callers, in this
// process and in others. It ends when its context does, with ErrUnavailable wrapping the context's error. When the
// engine cannot answer, the error is ErrUnavailable wrapping the cause; the write has then happened wholly or not at
// all. A successful write survives a restart of the process, where the engine keeps anything at all. Values are copies:
// what the caller does to them afterwards, and what the store does, is not seen by the other. Texts come back byte for
// byte, times to the millisecond, in UTC.
type UserRepository interface {
	// Create stores a new user with Version 1, whatever u.Version says. When the email or the username belongs to
	// somebody else, or the id is taken, nothing is stored and the error is domain.UserExists, naming at least one of
	// the fields that are taken ("email", "username", "_id"). Zero emails and usernames belong to nobody.
	Create(ctx context.Context, u domain.User) error

	// ByID is the user of that id, or ErrNotFound.
	ByID(ctx context.Context, id domain.UserID) (domain.User, error)

	// ByLogin is the user with exactly that email, or, where it is zero, that username. ErrNotFound where nobody has it,
	// and for the zero Login.
	ByLogin(ctx context.Context, login domain.Login) (domain.User, error)

	// Update is a compare-and-swap: it stores u with Version u.Version+1 if u.Version is the stored one; else nothing
	// changes and the error is ErrStale. ErrNotFound where there is no such user; domain.UserExists as for Create.
	// CreatedAt is never changed.
	Update(ctx context.Context, u domain.User) error

	// Delete removes the user and frees the email and the username. Deleting nobody is no error.
	Delete(ctx context.Context, id domain.UserID) error
}
