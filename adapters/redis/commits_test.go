package redis

import (
	"errors"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// courier holds back the command that commits, to be delivered later.
type courier struct{ commit []any }

func (c *courier) meet(cmd goredis.Cmder, send func() error) error {
	if args := cmd.Args(); args[0] == "evalsha" && args[1] == commitUser.hash {
		c.commit = args
		c.commit[0], c.commit[1] = "eval", commitUser.source
		cmd.SetErr(errKilled)
		return errKilled
	}
	return send()
}

// delayed begins to register the user, and answers what sends the last command of that.
func delayed(t *testing.T, url string, u domain.User) (deliver func() string) {
	t.Helper()
	slow, c := connect(t, url, time.Now), &courier{}
	slow.client.AddHook(hook(c.meet))
	if err := slow.Users().Create(t.Context(), u); !errors.Is(err, ports.ErrUnavailable) {
		t.Fatalf("the registration got the error %v, want ErrUnavailable", err)
	}
	return func() string {
		reply, err := connect(t, url, time.Now).client.Do(t.Context(), c.commit...).Text()
		noError(t, err)
		return reply
	}
}

func TestCommitThatComesInTimeIsDone(t *testing.T) {
	everywhere(t, func(t *testing.T, empty func(testing.TB) string) {
		url, ann := empty(t), user("ann")
		deliver := delayed(t, url, ann)
		if reply := deliver(); reply != string(committed) {
			t.Errorf("the commit got %q", reply)
		}
		settled(t, connect(t, url, time.Now).Users(), ann.ID)
	})
}

func TestCommitThatComesTooLateIsNotDone(t *testing.T) {
	everywhere(t, func(t *testing.T, empty func(testing.TB) string) {
		url, ann, heir := empty(t), user("ann"), user("ann")
		users := connect(t, url, time.Now).Users()
		deliver := delayed(t, url, ann)
		noError(t, users.Create(t.Context(), heir))
		if reply := deliver(); reply != string(givenUp) {
			t.Errorf("the late commit got %q", reply)
		}
		if _, err := users.ByID(t.Context(), ann.ID); !errors.Is(err, ports.ErrNotFound) {
			t.Errorf("two users have one name (%v)", err)
		}
		settled(t, users, heir.ID)
	})
}

func TestCommitThatComesAfterDeleteIsNotDone(t *testing.T) {
	everywhere(t, func(t *testing.T, empty func(testing.TB) string) {
		url, ann := empty(t), user("ann")
		users := connect(t, url, time.Now).Users()
		deliver := delayed(t, url, ann)
		noError(t, users.Delete(t.Context(), ann.ID))
		if reply := deliver(); reply != string(givenUp) {
			t.Errorf("the late commit got %q", reply)
		}
		settled(t, users, ann.ID)
	})
}

// A user who is deleted and made again, under the same id, has claims of their own: a release that comes late, from the
// deletion, does not hit them.
func TestLateReleaseSparesLaterClaims(t *testing.T) {
	everywhere(t, func(t *testing.T, empty func(testing.TB) string) {
		users, ann := connect(t, empty(t), time.Now).Users(), user("ann")
		noError(t, users.Create(t.Context(), ann))
		old, err := users.read(t.Context(), ann.ID)
		noError(t, err)
		noError(t, users.Delete(t.Context(), ann.ID))
		noError(t, users.Create(t.Context(), ann))
		users.release(t.Context(), ann.ID, old.names())
		settled(t, users, ann.ID)
	})
}

func TestNothingIsLeftOfWhatWasDeleted(t *testing.T) {
	everywhere(t, func(t *testing.T, empty func(testing.TB) string) {
		users, ann, eve := connect(t, empty(t), time.Now).Users(), user("ann"), user("eve")
		noError(t, users.Create(t.Context(), ann))
		eve.Email = ann.Email
		if err := users.Create(t.Context(), eve); !errors.Is(err, domain.UserExists()) {
			t.Fatal(err)
		}
		ann.Email, ann.Username = user("new").Email, user("new").Username
		noError(t, users.Update(t.Context(), ann))
		noError(t, users.Delete(t.Context(), ann.ID))
		if left := keys(t, users.Store); len(left) > 0 {
			t.Errorf("the keys %q are left", left)
		}
	})
}

// beforeCommit does something just before a commit is sent, once.
func beforeCommit(meddle func()) hook {
	return func(cmd goredis.Cmder, send func() error) error {
		if args := cmd.Args(); meddle != nil && args[0] == "evalsha" && args[1] == commitUser.hash {
			meddle()
			meddle = nil
		}
		return send()
	}
}

// TestLostRaceLeavesNoClaims renames a user who is changed meanwhile.
func TestLostRaceLeavesNoClaims(t *testing.T) {
	everywhere(t, func(t *testing.T, empty func(testing.TB) string) {
		url, ann := empty(t), user("ann")
		users, late := connect(t, url, time.Now).Users(), connect(t, url, time.Now).Users()
		noError(t, users.Create(t.Context(), ann))
		late.client.AddHook(beforeCommit(func() { noError(t, users.Update(t.Context(), ann)) }))
		renamed := ann
		renamed.Email, renamed.Username = user("new").Email, user("new").Username
		if err := late.Update(t.Context(), renamed); !errors.Is(err, ports.ErrStale) {
			t.Errorf("got the error %v, want ErrStale", err)
		}
		if left := keys(t, users.Store); len(left) != 3 {
			t.Errorf("the keys are %q, want those of the user and the two names alone", left)
		}
	})
}
