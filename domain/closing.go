package domain

import (
	"strings"
	"time"
)

const (
	// closedFor is for how long a closed user takes no change: longer than a deletion may last, by clocks that differ.
	closedFor = time.Minute
	// closedMark is put before the CredentialsSession of a closed user. No session's id has it.
	closedMark = "closed:"
)

// Close is the user as the first step of their deletion leaves them: without pictures, and, for a minute, without
// changes, so that no picture comes in which the deletion does not know of. Sessions live on: where the deletion fails,
// whoever asked for it can ask again.
func (u User) Close(now time.Time) User {
	u.Avatar, u.CoverImage = "", ""
	u.CredentialsSession = closedMark + u.lastSession()
	u.UpdatedAt = now
	return u
}

// Closed reports whether the user is being deleted at this moment. A deletion that was cut off closes nobody for ever.
func (u User) Closed(now time.Time) bool { return u.marked() && now.Before(u.UpdatedAt.Add(closedFor)) }

// ClosedAs reports whether the user is stored as other was closed, and nobody has written since. One who was never
// stored as such may have the same version by somebody else's writing.
func (u User) ClosedAs(other User) bool {
	return u.marked() && u.Version == other.Version && u.UpdatedAt.Equal(other.UpdatedAt)
}

// Reopen is the user as somebody who is not being deleted.
func (u User) Reopen() User {
	u.CredentialsSession = u.lastSession()
	return u
}

// lastSession is CredentialsSession, whether the user is closed or not.
func (u User) lastSession() SessionID {
	return SessionID(strings.TrimPrefix(string(u.CredentialsSession), closedMark))
}

func (u User) marked() bool { return u.CredentialsSession != u.lastSession() }
