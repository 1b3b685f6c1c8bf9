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

// hook meets every command on its way, and sends it or not.
type hook func(cmd goredis.Cmder, send func() error) error

func (h hook) DialHook(next goredis.DialHook) goredis.DialHook { return next }

func (h hook) ProcessHook(next goredis.ProcessHook) goredis.ProcessHook {
	return func(ctx context.Context, cmd goredis.Cmder) error {
		return h(cmd, func() error { return next(ctx, cmd) })
	}
}

// ProcessPipelineHook meets commands that are sent together, of which there is but one in these tests.
func (h hook) ProcessPipelineHook(next goredis.ProcessPipelineHook) goredis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []goredis.Cmder) error {
		return h(cmds[0], func() error { return next(ctx, cmds) })
	}
}

// killer ends a process at its n-th command: nothing is sent after that, and nothing heard of it.
type killer struct {
	left  int
	sends bool // whether the n-th command still reaches the engine
}

func (k *killer) meet(cmd goredis.Cmder, send func() error) error {
	k.left--
	if k.left > 0 || k.left == 0 && k.sends {
		if err := send(); k.left > 0 {
			return err
		}
	}
	cmd.SetErr(errKilled)
	return errKilled
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
						survived = true // also where there is no engine, or something fails
						url, ann := empty(t), user("ann")
						users, dying := connect(t, url, time.Now).Users(), connect(t, url, time.Now).Users()
						if kill.stored {
							noError(t, users.Create(t.Context(), ann))
						}
						k := &killer{left: n, sends: sends}
						dying.client.AddHook(hook(k.meet))
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
	nodes, err := s.primaries(t.Context())
	noError(t, err)
	for _, node := range nodes {
		it := node.Scan(t.Context(), 0, "*", 1000).Iterator()
		for it.Next(t.Context()) {
			all = append(all, it.Val())
		}
		noError(t, it.Err())
	}
	return all
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
