package mongo

import (
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports/porttest"
	"github.com/latchkey-auth/latchkey/tests/engines"
)

// left is how many sessions the engine really holds, whatever callers see.
func left(t *testing.T, s *Store) int64 {
	t.Helper()
	n, err := s.sessions.CountDocuments(t.Context(), bson.D{})
	check(t, err)
	return n
}

func newSession(id string, until time.Time) domain.Session {
	return domain.Session{ID: domain.SessionID(id), UserID: "ann", CreatedAt: until, ExpiresAt: until}
}

func TestSweepRemovesWhatIsOver(t *testing.T) {
	clock := porttest.NewClock()
	s := connectTo(t, engines.Mongo(t), clock.Now)
	hour := clock.Now().Add(time.Hour)
	for id, until := range map[string]time.Time{"over": hour, "also over": hour, "lives": hour.Add(time.Millisecond)} {
		check(t, s.Sessions().Create(t.Context(), newSession(id, until)))
	}
	for _, step := range []struct {
		now  time.Time
		left int64
	}{{hour.Add(-time.Millisecond), 3}, {hour, 1}, {hour.Add(time.Millisecond), 0}} {
		clock.Set(step.now)
		check(t, s.sweep(t.Context()))
		if got := left(t, s); got != step.left {
			t.Errorf("%d sessions are left, want %d", got, step.left)
		}
	}
}

// TestSessionsVanishByThemselves waits for the engine, or for the sweep where the engine does not do that.
func TestSessionsVanishByThemselves(t *testing.T) {
	s := connectTo(t, engines.Mongo(t), time.Now)
	if s.engine.expires {
		often := bson.D{{Key: "setParameter", Value: 1}, {Key: "ttlMonitorSleepSecs", Value: 1}}
		check(t, s.client.Database("admin").RunCommand(t.Context(), often).Err())
	} else {
		t.Cleanup(s.sweepEvery(time.Millisecond))
	}
	check(t, s.Sessions().Create(t.Context(), newSession("over", time.Now().Add(-time.Minute))))
	check(t, s.Sessions().Create(t.Context(), newSession("lives", time.Now().Add(time.Hour))))
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for left(t, s) > 1 {
		<-tick.C
	}
	if _, err := s.Sessions().Get(t.Context(), "ann", "lives"); err != nil {
		t.Error(err)
	}
}

// TestCloseEndsTheSweep would not return if the sweep went on.
func TestCloseEndsTheSweep(t *testing.T) {
	s := connectTo(t, engines.Mongo(t), time.Now)
	stop := s.sweepEvery(time.Millisecond)
	s.stopSweeping = stop
	check(t, s.Close())
	check(t, s.Close())
}
