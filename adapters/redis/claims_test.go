package redis

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
	"github.com/latchkey-auth/latchkey/ports/porttest"
)

var errKilled = errors.New("killed")

// killer is a hook that ends a process at its n-th command: nothing is sent after that, and nothing heard of it.
type killer struct {
	left  int
	sends bool // whether the n-th command still reaches the engine
}

func (k *killer) DialHook(next goredis.DialHook) goredis.DialHook { return next }

func (k *killer) ProcessPipelineHook(next goredis.ProcessPipelineHook) goredis.ProcessPipelineHook {
	return next
}

func (k *killer) ProcessHook(next goredis.ProcessHook) goredis.ProcessHook {
	return func(ctx context.Context, cmd goredis.Cmder) error {
		k.left--
		if k.left > 0 || k.left == 0 && k.sends {
			if err := next(ctx, cmd); k.left > 0 {
				return err
			}
		}
		cmd.SetErr(errKilled)
		return errKilled
	}
}

func user(name string) domain.User {
	now := porttest.NewClock().Now()
	return domain.User{
		ID: domain.NewUserID(now), Email: domain.RestoreEmail(name + "@example.org"), Username: domain.RestoreUsername(name),
		CreatedAt: now, UpdatedAt: now, Version: 1,
	}
}

// nameless is whom heirs are made of.
func nameless() domain.User { return domain.User{ID: user("").ID} }

// has reports whether the user has the name.
func has(u domain.User, login domain.Login) bool {
	return login.Email == u.Email && !u.Email.IsZero() || login.Username == u.Username && !u.Username.IsZero()
}

// kills are writes at each of whose commands a process is killed. The user is ann, if she is stored before.
var kills = map[string]struct {
	stored bool
	write  func(ctx context.Context, users *Users, ann domain.User) error
}{
	"Create": {false, func(ctx context.Context, users *Users, ann domain.User) error { return users.Create(ctx, ann) }},
	"Update": {true, func(ctx context.Context, users *Users, ann domain.User) error {
		ann.Email, ann.Username = user("new").Email, user("new").Username
		return users.Update(ctx, ann)
	}},
	"Delete": {true, func(ctx context.Context, users *Users, ann domain.User) error { return users.Delete(ctx, ann.ID) }},
}

func TestKilledHalfwayKeepsNoNameFromAnybody(t *testing.T) {
	everywhere(t, func(t *testing.T, empty func(testing.TB) string) {
		for name, kill := range kills {
			for _, sends := range []bool{false, true} {
				survived := false
				for n := 1; !survived; n++ {
					t.Run(fmt.Sprintf("%s/command %d/sent %t", name, n, sends), func(t *testing.T) {
						url, ann := empty(t), user("ann")
						users, dying := connect(t, url, time.Now).Users(), connect(t, url, time.Now).Users()
						if kill.stored {
							noError(t, users.Create(t.Context(), ann))
						}
						k := &killer{left: n, sends: sends}
						dying.client.AddHook(k)
						_ = kill.write(t.Context(), dying, ann)
						survived = k.left > 0
						settled(t, users, ann.ID)
					})
				}
			}
		}
	})
}

// settled wants the user to have names by which they are found, and everybody else to get the other names at once.
func settled(t *testing.T, users *Users, id domain.UserID) {
	t.Helper()
	users.patience = 2
	kept, err := users.ByID(t.Context(), id)
	if err != nil && !errors.Is(err, ports.ErrNotFound) {
		t.Fatal(err)
	}
	for _, login := range []domain.Login{
		{Email: user("ann").Email}, {Username: user("ann").Username},
		{Email: user("new").Email}, {Username: user("new").Username},
	} {
		heir := nameless()
		heir.Email, heir.Username = login.Email, login.Username
		if err := users.Create(t.Context(), heir); has(kept, login) != errors.Is(err, domain.UserExists()) {
			t.Errorf("the killed write left %v and %v; claiming %s afterwards: %v", kept.Email, kept.Username, login, err)
		}
		found, err := users.ByLogin(t.Context(), login)
		if want := map[bool]domain.UserID{true: kept.ID, false: heir.ID}[has(kept, login)]; found.ID != want {
			t.Errorf("%s is %q (%v), want %q", login, found.ID, err, want)
		}
	}
	intentsExpire(t, users)
}

// intentsExpire wants each intent that was left behind to go within a minute.
func intentsExpire(t *testing.T, users *Users) {
	t.Helper()
	for _, key := range keys(t, users.Store) {
		if !strings.HasSuffix(key, ":intents") {
			continue
		}
		if left := users.client.PTTL(t.Context(), key).Val(); left <= 0 || left > time.Minute {
			t.Errorf("the key %s lives for %v", key, left)
		}
	}
}

// keys are all keys of the database.
func keys(t *testing.T, s *Store) (all []string) {
	t.Helper()
	scan := func(ctx context.Context, node *goredis.Client) error {
		it := node.Scan(ctx, 0, "latchkey:*", 1000).Iterator()
		for it.Next(ctx) {
			all = append(all, it.Val())
		}
		return it.Err()
	}
	if cluster, ok := s.client.(*goredis.ClusterClient); ok {
		noError(t, cluster.ForEachMaster(t.Context(), func(ctx context.Context, node *goredis.Client) error { return scan(ctx, node) }))
		return all
	}
	noError(t, scan(t.Context(), s.client.(*goredis.Client)))
	return all
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// courier holds back the command that commits, to be delivered later.
type courier struct {
	killer
	commit []any
}

func (c *courier) ProcessHook(next goredis.ProcessHook) goredis.ProcessHook {
	return func(ctx context.Context, cmd goredis.Cmder) error {
		if args := cmd.Args(); args[0] == "evalsha" && args[1] == commitUser.hash {
			c.commit = args
			c.commit[0], c.commit[1] = "eval", commitUser.source
			cmd.SetErr(errKilled)
			return errKilled
		}
		return next(ctx, cmd)
	}
}

// delayed begins to register the user, and answers what sends the last command of that.
func delayed(t *testing.T, url string, u domain.User) (deliver func() string) {
	t.Helper()
	slow, c := connect(t, url, time.Now), &courier{}
	slow.client.AddHook(c)
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

// meddler is a hook that does something just before a commit is sent, once.
type meddler struct {
	killer
	meddle func()
}

func (m *meddler) ProcessHook(next goredis.ProcessHook) goredis.ProcessHook {
	return func(ctx context.Context, cmd goredis.Cmder) error {
		if args := cmd.Args(); m.meddle != nil && args[0] == "evalsha" && args[1] == commitUser.hash {
			m.meddle()
			m.meddle = nil
		}
		return next(ctx, cmd)
	}
}

// TestLostRaceLeavesNoClaims renames a user who is changed meanwhile.
func TestLostRaceLeavesNoClaims(t *testing.T) {
	everywhere(t, func(t *testing.T, empty func(testing.TB) string) {
		url, ann := empty(t), user("ann")
		users, late := connect(t, url, time.Now).Users(), connect(t, url, time.Now).Users()
		noError(t, users.Create(t.Context(), ann))
		late.client.AddHook(&meddler{meddle: func() { noError(t, users.Update(t.Context(), ann)) }})
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
