package redis

import (
	"net/url"
	"strings"

	"github.com/latchkey-auth/latchkey/domain"
)

// The patterns that keys of records and of sessions match; some others do, too.
const (
	usersPattern    = "latchkey:{user:*}"
	sessionsPattern = "latchkey:{user:*}:session:*"
)

// The part of a key in braces decides on its hash slot. What is escaped holds neither braces nor colons of its own.

// userKey holds a user's record. All keys of the user begin with it.
func userKey(id domain.UserID) string { return "latchkey:{user:" + url.PathEscape(string(id)) + "}" }

// intentsKey holds the claims that are being made for the user: a set.
func intentsKey(id domain.UserID) string { return userKey(id) + ":intents" }

// indexKey holds the ids of the user's sessions: a sorted set, by the millisecond in which each is forgotten.
func indexKey(id domain.UserID) string { return userKey(id) + ":sessions" }

// sessionPrefix is what the keys of the user's sessions begin with; the id of the session follows as it is.
func sessionPrefix(id domain.UserID) string { return userKey(id) + ":session:" }

func sessionKey(userID domain.UserID, id domain.SessionID) string {
	return sessionPrefix(userID) + string(id)
}

// emailKey and usernameKey hold the claim on a name.
func emailKey(email string) string       { return "latchkey:email:" + email }
func usernameKey(username string) string { return "latchkey:username:" + username }

// parseUserKey is whose record the key holds, if any.
func parseUserKey(key string) (domain.UserID, bool) {
	id, rest, ok := cutUserKey(key)
	return id, ok && rest == ""
}

// parseSessionKey is which session the key holds, if any.
func parseSessionKey(key string) (domain.UserID, domain.SessionID, bool) {
	userID, rest, ok := cutUserKey(key)
	id, isSession := strings.CutPrefix(rest, ":session:")
	return userID, domain.SessionID(id), ok && isSession
}

// cutUserKey divides a key of a user's into their id and what follows their record's key.
func cutUserKey(key string) (id domain.UserID, rest string, ok bool) {
	key, ok = strings.CutPrefix(key, "latchkey:{user:")
	escaped, rest, closed := strings.Cut(key, "}")
	plain, err := url.PathUnescape(escaped)
	return domain.UserID(plain), rest, ok && closed && err == nil
}
