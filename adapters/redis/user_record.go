package redis

import (
	"fmt"
	"slices"

	"github.com/latchkey-auth/latchkey/domain"
)

// userRecord is a user as stored. Its numbers stay what they are: they name the fields of what is stored.
type userRecord struct {
	Username           string `cbor:"1,keyasint,omitempty"`
	Email              string `cbor:"2,keyasint,omitempty"`
	Fullname           string `cbor:"3,keyasint,omitempty"`
	PasswordHash       string `cbor:"4,keyasint,omitempty"`
	Avatar             string `cbor:"5,keyasint,omitempty"`
	CoverImage         string `cbor:"6,keyasint,omitempty"`
	CreatedAt          int64  `cbor:"7,keyasint"`
	UpdatedAt          int64  `cbor:"8,keyasint"`
	CredentialsVersion int64  `cbor:"9,keyasint,omitempty"`
	CredentialsSession string `cbor:"10,keyasint,omitempty"`
	Version            int64  `cbor:"11,keyasint"`
	// The intents under which the names were claimed.
	EmailIntent    string `cbor:"12,keyasint,omitempty"`
	UsernameIntent string `cbor:"13,keyasint,omitempty"`
}

func newUserRecord(u domain.User) userRecord {
	return userRecord{
		Username: u.Username.String(), Email: u.Email.String(), Fullname: u.Fullname,
		PasswordHash: u.PasswordHash.Reveal(), Avatar: u.Avatar, CoverImage: u.CoverImage,
		CreatedAt: u.CreatedAt.UnixMilli(), UpdatedAt: u.UpdatedAt.UnixMilli(),
		CredentialsVersion: u.CredentialsVersion, CredentialsSession: string(u.CredentialsSession), Version: u.Version,
	}
}

// stored is a user's record with the value that it was read from, for comparing. The zero one is no record.
type stored struct {
	value string
	userRecord
}

func restoreStored(value string) (stored, error) {
	if value == "" {
		return stored{}, nil
	}
	var r userRecord
	if err := decode(value, &r); err != nil {
		return stored{}, fmt.Errorf("read user: %w", err)
	}
	return stored{value, r}, nil
}

func (r userRecord) user(id domain.UserID) domain.User {
	return domain.User{
		ID: id, Username: domain.RestoreUsername(r.Username), Email: domain.RestoreEmail(r.Email), Fullname: r.Fullname,
		PasswordHash: domain.NewSecret(r.PasswordHash), Avatar: r.Avatar, CoverImage: r.CoverImage,
		CreatedAt: fromMillis(r.CreatedAt), UpdatedAt: fromMillis(r.UpdatedAt),
		CredentialsVersion: r.CredentialsVersion, CredentialsSession: domain.SessionID(r.CredentialsSession),
		Version: r.Version,
	}
}

// name is the claim on a name of a user's.
type name struct {
	field  string // as clients know it
	key    string
	intent string
}

// names are the claims on the names that the user has, in the order in which they are made.
func (r userRecord) names() (names []name) {
	if r.Email != "" {
		names = append(names, name{"email", emailKey(r.Email), r.EmailIntent})
	}
	if r.Username != "" {
		names = append(names, name{"username", usernameKey(r.Username), r.UsernameIntent})
	}
	return names
}

// has reports whether the user has that name.
func (r userRecord) has(n name) bool {
	return slices.ContainsFunc(r.names(), func(own name) bool { return own.key == n.key })
}

// inherit gives the record the claims on the names that the old one has already, and the intent to those that it has
// not, which are gained. Lost are those that the old one alone has.
func (r *userRecord) inherit(old userRecord, intent string) (gained, lost []name) {
	r.EmailIntent, r.UsernameIntent = intent, intent
	if r.Email == old.Email {
		r.EmailIntent = old.EmailIntent
	}
	if r.Username == old.Username {
		r.UsernameIntent = old.UsernameIntent
	}
	gained = slices.DeleteFunc(r.names(), old.has)
	lost = slices.DeleteFunc(old.names(), r.has)
	return gained, lost
}
