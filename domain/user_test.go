package domain_test

import (
	"encoding/binary"
	"encoding/hex"
	"reflect"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
)

func TestUserIDHasTheFormOfAnObjectID(t *testing.T) {
	id := domain.NewUserID(start)
	raw, err := hex.DecodeString(string(id))
	if err != nil || len(raw) != 12 {
		t.Fatalf("%q is no ObjectId", id)
	}
	if seconds := binary.BigEndian.Uint32(raw); int64(seconds) != start.Unix() {
		t.Errorf("%q holds the time %d; want %d", id, seconds, start.Unix())
	}
	if id == domain.NewUserID(start) {
		t.Error("two users share an id")
	}
}

func TestChangingThePasswordEndsOtherSessions(t *testing.T) {
	user := domain.User{ID: "u1", CredentialsVersion: 4}
	here, elsewhere := signIn(user, "here"), signIn(user, "elsewhere")
	hash, later := domain.NewSecret("new"), start.Add(time.Hour)

	changed := user.ChangePassword(hash, here.ID, later)
	if !changed.PasswordHash.Equal(hash) || !changed.UpdatedAt.Equal(later) || changed.CredentialsVersion != 5 {
		t.Errorf("the user became %+v", changed)
	}
	if user.CredentialsVersion != 4 {
		t.Error("the user that it was called on changed")
	}
	inFlight := signIn(user, "in flight") // begun with the old password, stored a moment after the change
	after := signIn(changed, "after")
	twice := changed.ChangePassword(hash, elsewhere.ID, later)
	byOperator := changed.ChangePassword(hash, "", later)

	for _, c := range []struct {
		what string
		user domain.User
		s    domain.Session
		want bool
	}{
		{"before the change", user, here, true},
		{"before the change, elsewhere", user, elsewhere, true},
		{"the session of the change", changed, here, true},
		{"another session", changed, elsewhere, false},
		{"a sign-in in flight", changed, inFlight, false},
		{"a later sign-in", changed, after, true},
		{"the session of an earlier change", twice, here, false},
		{"a session since the earlier change", twice, after, false},
		{"the session of the later change", twice, elsewhere, true},
		{"the session of an earlier change, once an operator changed it", byOperator, here, false},
		{"a session since then, once an operator changed it", byOperator, after, false},
		{"a session without id, once an operator changed it", byOperator, domain.Session{UserID: "u1"}, false},
		{"the session of the change, by another user", domain.User{ID: "u2", CredentialsVersion: 5, CredentialsSession: here.ID}, here, false},
	} {
		if got := c.user.Honours(c.s); got != c.want {
			t.Errorf("%s: honoured %t; want %t", c.what, got, c.want)
		}
	}
}

func signIn(u domain.User, id domain.SessionID) domain.Session {
	s := domain.NewSession(u, domain.Client{}, start, policy)
	s.ID = id
	return s
}

func TestImagesOfAUser(t *testing.T) {
	user := domain.User{Avatar: "a", CoverImage: "c"}
	for which, want := range map[domain.Image]domain.User{
		domain.Avatar:     {Avatar: "new", CoverImage: "c"},
		domain.CoverImage: {Avatar: "a", CoverImage: "new"},
	} {
		changed := user.WithImage(which, "new")
		if !reflect.DeepEqual(changed, want) || changed.Image(which) != "new" {
			t.Errorf("with another %s, the user is %+v; want %+v", which, changed, want)
		}
	}
	if user.Image(domain.Avatar) != "a" || user.Image(domain.CoverImage) != "c" {
		t.Errorf("the user shows %q and %q", user.Image(domain.Avatar), user.Image(domain.CoverImage))
	}
}
