package redis

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports/porttest"
	"github.com/latchkey-auth/latchkey/tests/engines"
)

func session(id domain.SessionID, expires time.Time) domain.Session {
	return domain.Session{ID: id, UserID: "ann", CreatedAt: expires, RotatedAt: expires, ExpiresAt: expires, Version: 1}
}

// wantExpiry wants Redis to let a key expire at that moment.
func wantExpiry(t *testing.T, s *Store, key string, want time.Time) {
	t.Helper()
	left, err := s.client.PExpireTime(t.Context(), key).Result()
	noError(t, err)
	if got := time.UnixMilli(left.Milliseconds()); !got.Equal(want) {
		t.Errorf("Redis lets %s expire at %v, want %v", key, got.UTC(), want)
	}
}

func TestRedisLetsSessionsExpire(t *testing.T) {
	everywhere(t, func(t *testing.T, empty func(testing.TB) string) {
		clock := porttest.NewClock()
		now := clock.Now()
		sessions := connect(t, empty(t), clock.Now).Sessions()
		brief, lasting := session("brief", now.Add(time.Hour)), session("lasting", now.Add(2*time.Hour))
		noError(t, sessions.Create(t.Context(), brief))
		noError(t, sessions.Create(t.Context(), lasting))
		wantExpiry(t, sessions.Store, sessionKey("ann", "brief"), brief.ExpiresAt)
		wantExpiry(t, sessions.Store, sessionKey("ann", "lasting"), lasting.ExpiresAt)
		wantExpiry(t, sessions.Store, indexKey("ann"), lasting.ExpiresAt)

		brief = brief.End(domain.EndSignedOut, now) // which lengthens what is left of it
		noError(t, sessions.Update(t.Context(), brief))
		wantExpiry(t, sessions.Store, sessionKey("ann", "brief"), brief.KeptUntil())
		wantExpiry(t, sessions.Store, indexKey("ann"), brief.KeptUntil())

		brief.EndedAt, brief.Version = now.Add(-23*time.Hour-30*time.Minute), 2
		noError(t, sessions.Update(t.Context(), brief))
		wantExpiry(t, sessions.Store, sessionKey("ann", "brief"), now.Add(30*time.Minute))
		wantExpiry(t, sessions.Store, indexKey("ann"), lasting.ExpiresAt)
	})
}

// TestNothingIsLeftOfExpiredSessions counts what is in the engine until that is nothing.
func TestNothingIsLeftOfExpiredSessions(t *testing.T) {
	everywhere(t, func(t *testing.T, empty func(testing.TB) string) {
		sessions := connect(t, empty(t), time.Now).Sessions()
		for i := range 50 {
			s := session(domain.SessionID(fmt.Sprint(i)), time.Now().Add(50*time.Millisecond))
			noError(t, sessions.Create(t.Context(), s))
		}
		until(t, func() bool { return len(keys(t, sessions.Store)) == 0 })
	})
}

// until asks again and again until the answer is yes.
func until(t *testing.T, yes func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !yes() {
		select {
		case <-ctx.Done():
			t.Fatal("it did not come to pass within a minute")
		case <-tick.C:
		}
	}
}

func TestNothingIsLeftOfDeletedSessions(t *testing.T) {
	everywhere(t, func(t *testing.T, empty func(testing.TB) string) {
		sessions := connect(t, empty(t), time.Now).Sessions()
		for i := range 50 {
			noError(t, sessions.Create(t.Context(), session(domain.SessionID(fmt.Sprint(i)), time.Now().Add(time.Hour))))
		}
		noError(t, sessions.DeleteByUser(t.Context(), "ann"))
		if left := keys(t, sessions.Store); len(left) > 0 {
			t.Errorf("the keys %q are left", left)
		}
	})
}

func TestNothingIsLeftOfASessionThatIsUpdatedToItsEnd(t *testing.T) {
	everywhere(t, func(t *testing.T, empty func(testing.TB) string) {
		clock := porttest.NewClock()
		sessions := connect(t, empty(t), clock.Now).Sessions()
		one := session("one", clock.Now().Add(time.Hour))
		noError(t, sessions.Create(t.Context(), one))
		clock.Advance(time.Minute) // beyond what the engine takes for now
		one.ExpiresAt = clock.Now()
		noError(t, sessions.Update(t.Context(), one))
		if left := keys(t, sessions.Store); len(left) > 0 {
			t.Errorf("the keys %q are left", left)
		}
	})
}

// TestTextsThatAreNotUTF8 has what browsers and scripts send as they please.
func TestTextsThatAreNotUTF8(t *testing.T) {
	sessions, one := connect(t, engines.Redis(t), time.Now).Sessions(), session("one", time.Now().Add(time.Hour))
	one.UserAgent = "caf\xe9 \xff\x00"
	noError(t, sessions.Create(t.Context(), one))
	if got, err := sessions.Get(t.Context(), "ann", "one"); got.UserAgent != one.UserAgent || err != nil {
		t.Errorf("got %q (%v), want %q", got.UserAgent, err, one.UserAgent)
	}
}

// TestIndexDropsWhatHasExpired has one session live, and others beside it come and go.
func TestIndexDropsWhatHasExpired(t *testing.T) {
	everywhere(t, func(t *testing.T, empty func(testing.TB) string) {
		sessions := connect(t, empty(t), time.Now).Sessions()
		lasting := session("lasting", time.Now().Add(time.Hour))
		noError(t, sessions.Create(t.Context(), lasting))
		for i := range 50 {
			noError(t, sessions.Create(t.Context(), session(domain.SessionID(fmt.Sprint(i)), time.Now().Add(20*time.Millisecond))))
		}
		until(t, func() bool { return len(keys(t, sessions.Store)) == 2 })
		noError(t, sessions.Update(t.Context(), lasting))
		if n := sessions.client.ZCard(t.Context(), indexKey("ann")).Val(); n != 1 {
			t.Errorf("the index holds %d sessions, want 1", n)
		}
		wantExpiry(t, sessions.Store, indexKey("ann"), lasting.ExpiresAt.Truncate(time.Millisecond))
	})
}
