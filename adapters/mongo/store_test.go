package mongo

import (
	"context"
	"slices"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
	"github.com/latchkey-auth/latchkey/ports/porttest"
	"github.com/latchkey-auth/latchkey/tests/engines"
)

func TestMain(m *testing.M) { engines.Main(m) }

func TestUsers(t *testing.T) {
	porttest.TestUserRepository(t, func(t *testing.T) ports.UserRepository {
		return connectTo(t, engines.Mongo(t), time.Now).Users()
	})
}

func TestSessions(t *testing.T) {
	porttest.TestTokenStore(t, func(t *testing.T, now func() time.Time) ports.TokenStore {
		return connectTo(t, engines.Mongo(t), now).Sessions()
	})
}

func connectTo(t testing.TB, url string, now func() time.Time) *Store {
	t.Helper()
	s, err := Connect(t.Context(), url, now)
	check(t, err)
	t.Cleanup(func() { check(t, s.Close()) })
	return s
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestUserLister(t *testing.T) {
	porttest.TestUserLister(t, func(t *testing.T) porttest.ListedUsers {
		return unlooked{connectTo(t, engines.Mongo(t), time.Now).Users()}
	})
}

// unlooked creates users without looking for their names first, for which FerretDB reads all users there are.
type unlooked struct{ *Users }

func (r unlooked) Create(ctx context.Context, u domain.User) error { return r.insert(ctx, u) }

func TestSessionLister(t *testing.T) {
	porttest.TestSessionLister(t, func(t *testing.T, now func() time.Time) porttest.ListedSessions {
		return connectTo(t, engines.Mongo(t), now).Sessions()
	})
}

// TestSwapAgainstAnother has another process write between the reading and the writing of an Update.
func TestSwapAgainstAnother(t *testing.T) {
	r := connectTo(t, engines.Mongo(t), time.Now).Users()
	ann := domain.User{ID: domain.NewUserID(time.Now()), Fullname: "Ann"}
	check(t, r.Create(t.Context(), ann))
	ann.Version = 1
	_, id, err := r.stored(t.Context(), ann.ID)
	check(t, err)
	won, late := ann, ann
	won.Fullname, late.Fullname = "Won", "Late"
	check(t, r.Update(t.Context(), won))
	wants(t, "swap with a version that was spent", r.swap(t.Context(), id, ann, late), ports.ErrStale)
	if got, err := r.ByID(t.Context(), ann.ID); err != nil || got.Fullname != "Won" {
		t.Errorf("stored is %q (%v)", got.Fullname, err)
	}
	check(t, r.Delete(t.Context(), ann.ID))
	wants(t, "swap of who was deleted", r.swap(t.Context(), id, won, late), ports.ErrNotFound)
}

// TestReplicaSetsAreReadLinearizably looks at what is sent: a server that stands alone has no use for it.
func TestReplicaSetsAreReadLinearizably(t *testing.T) {
	var reads, writes []bson.Raw
	url := engines.Mongo(t)
	seen := &event.CommandMonitor{Started: func(_ context.Context, e *event.CommandStartedEvent) {
		switch e.CommandName {
		case "find":
			reads = append(reads, slices.Clone(e.Command))
		case "insert", "update", "delete":
			writes = append(writes, slices.Clone(e.Command))
		}
	}}
	client, err := driver.Connect(clientOptions(url + "?w=0&readPreference=nearest").SetMonitor(seen))
	check(t, err)
	t.Cleanup(func() { check(t, client.Disconnect(context.Background())) })
	name, err := databaseOf(url)
	check(t, err)
	e, db := engine{replicated: true}, client.Database(name)
	s := &Store{now: time.Now, engine: e, client: client, users: e.collection(db, "users")}
	s.sessions = e.collection(db, "sessions")
	_ = s.Users().Delete(t.Context(), "") // whatever is answered: a server that stands alone may refuse
	_ = s.Sessions().Create(t.Context(), domain.Session{ID: "one"})
	_ = s.Sessions().DeleteByUser(t.Context(), "")
	_, _ = s.Users().ByID(t.Context(), "")
	_, _ = s.Sessions().ByUser(t.Context(), "")
	for _, read := range reads {
		if level := read.Lookup("readConcern", "level"); level.StringValue() != "linearizable" {
			t.Errorf("read with %v", read)
		}
	}
	for _, write := range writes {
		concern := write.Lookup("writeConcern").Document()
		if concern.Lookup("w").StringValue() != "majority" || !concern.Lookup("j").Boolean() {
			t.Errorf("written with %v", write)
		}
	}
	if len(reads) < 2 || len(writes) < 3 {
		t.Errorf("%d reads and %d writes were seen", len(reads), len(writes))
	}
}
