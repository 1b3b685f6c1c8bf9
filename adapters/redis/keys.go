package redis

import (
	"net/url"

	"github.com/latchkey-auth/latchkey/domain"
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
