// Package domain holds what is true of users, sessions and passwords, whatever stores them or serves them.
package domain

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"time"
)

// UserID names a user for ever. New ones have the form of a MongoDB ObjectId,
// so that users move between stores, MongoDB included, and keep their ids.
type UserID string

// NewUserID makes an id of the seconds of now (4 bytes) and 8 random bytes, in hexadecimal.
func NewUserID(now time.Time) UserID {
	var id [12]byte
	binary.BigEndian.PutUint32(id[:4], uint32(now.Unix()))
	_, _ = rand.Read(id[4:]) // never fails
	return UserID(hex.EncodeToString(id[:]))
}

// User is an account. Times are UTC, to the millisecond.
type User struct {
	ID       UserID
	Username Username // zero where not given; unique
	Email    Email    // zero where not given; unique
	Fullname string
	// PasswordHash is in PHC string format or in bcrypt's own.
	PasswordHash Secret
	// Avatar and CoverImage are references that an image store gave out, "" where there is none.
	Avatar     string
	CoverImage string
	CreatedAt  time.Time
	UpdatedAt  time.Time
	// CredentialsVersion counts changes of the password. A session is over once it has moved past the session's own.
	CredentialsVersion int64
	// CredentialsSession is the session in which the password was last changed: the one that outlives the change.
	CredentialsSession SessionID
	// Version counts writes, for compare-and-swap. Stores count it.
	Version int64
}

// ChangePassword sets a new hash. Every session but keep is over from the moment in which this is stored.
func (u User) ChangePassword(hash Secret, keep SessionID, now time.Time) User {
	u.PasswordHash = hash
	u.CredentialsVersion++
	u.CredentialsSession = keep
	u.UpdatedAt = now
	return u
}

// Honours reports whether the password with which the session began, or which was set in it, is still the user's.
func (u User) Honours(s Session) bool {
	return s.UserID == u.ID &&
		(s.CredentialsVersion == u.CredentialsVersion || s.ID == u.lastSession() && s.ID != "")
}

// Image is one of the two pictures that a user has.
type Image string

// The pictures, by the names that clients know them by.
const (
	Avatar     Image = "avatar"
	CoverImage Image = "coverImage"
)

// Image is the reference of one of the user's pictures, "" where there is none.
func (u User) Image(which Image) string {
	if which == CoverImage {
		return u.CoverImage
	}
	return u.Avatar
}

// WithImage is the user with one picture replaced.
func (u User) WithImage(which Image, ref string) User {
	if which == CoverImage {
		u.CoverImage = ref
	} else {
		u.Avatar = ref
	}
	return u
}
