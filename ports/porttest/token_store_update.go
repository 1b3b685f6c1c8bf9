package porttest

import (
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var sessionUpdateRules = []rule[sessions]{
	{"StoresEveryFieldAndTheNextVersion", updateStoresSession},
	{"CanEmptyEveryOtherField", updateCanEmptySession},
	{"KeepsHowTheSessionEnded", updateKeepsEnding},
	{"NeverChangesCreatedAt", updateKeepsSessionCreatedAt},
	{"NeverChangesTheSeed", updateKeepsSeed},
	{"LeavesOthersAlone", updateLeavesOtherSessions},
	{"SameValueCountsAsAWrite", updateSameSessionCounts},
	{"StaleVersionChangesNothing", updateStaleSession},
	{"UnknownSessionIsNotFound", updateUnknownSession},
	{"AnothersSessionIsNotFound", updateAnothersSession},
}

func updateStoresSession(t *testing.T, s sessions) {
	one := s.create(t, s.newSession(ann, "one"))
	one = s.update(t, rotated(one))
	s.wantAll(t, ann, one)
	one = s.update(t, rotated(one))
	s.wantAll(t, ann, one)
}

func updateCanEmptySession(t *testing.T, s sessions) {
	one := s.create(t, s.newEnded(ann, "one"))
	one = s.update(t, domain.Session{
		ID: one.ID, UserID: one.UserID, Seed: one.Seed, CreatedAt: one.CreatedAt, Version: one.Version,
		ExpiresAt: one.ExpiresAt, // for it would be forgotten without
	})
	s.wantAll(t, ann, one)
}

func updateKeepsEnding(t *testing.T, s sessions) {
	for _, reason := range []domain.EndReason{
		domain.EndSignedOut, domain.EndRevoked, domain.EndReused, domain.EndPasswordChanged, domain.EndTooMany,
	} {
		session := s.create(t, s.newSession(ann, string(reason)))
		session = s.update(t, session.End(reason, s.clock.Now()))
		s.wantStored(t, session)
		s.wantStored(t, s.update(t, rotated(session)))
	}
	for _, session := range s.byUser(t, ann) {
		if !session.Ended() || session.ID != domain.SessionID("session-"+session.EndReason) {
			t.Errorf("ByUser: session %s ended at %v for the reason %q", session.ID, session.EndedAt, session.EndReason)
		}
	}
}

func updateKeepsSessionCreatedAt(t *testing.T, s sessions) {
	one := s.create(t, s.newSession(ann, "one"))
	for _, at := range []time.Time{one.CreatedAt.Add(time.Hour), {}} {
		forged := rotated(one)
		forged.CreatedAt = at
		forged = s.update(t, forged)
		forged.CreatedAt = one.CreatedAt
		one = forged
		s.wantAll(t, ann, one)
	}
}

func updateKeepsSeed(t *testing.T, s sessions) {
	one := s.create(t, s.newSession(ann, "one"))
	for _, seed := range []domain.Seed{{}, {1, 2, 3}} {
		forged := rotated(one)
		forged.Seed = seed
		forged = s.update(t, forged)
		forged.Seed = one.Seed
		one = forged
		s.wantAll(t, ann, one)
	}
}

func updateLeavesOtherSessions(t *testing.T, s sessions) {
	one, two := s.create(t, s.newSession(ann, "one")), s.create(t, s.newSession(ann, "two"))
	three := s.create(t, s.newSession(bob, "three"))
	s.update(t, rotated(one))
	s.wantStored(t, two)
	s.wantStored(t, three)
}

func updateSameSessionCounts(t *testing.T, s sessions) {
	read := s.create(t, s.newSession(ann, "one"))
	s.wantAll(t, ann, s.update(t, read))
	wantError(t, "Update with a version that was spent on the same value", s.Update(t.Context(), read), ports.ErrStale)
}

func updateStaleSession(t *testing.T, s sessions) {
	one := s.create(t, s.newSession(ann, "one"))
	one = s.update(t, one)
	for _, version := range []int64{-1, 0, 1, 3, 1 << 40} {
		late := rotated(one).End(domain.EndRevoked, s.clock.Now())
		late.Version = version
		wantError(t, "Update with another version than the stored one", s.Update(t.Context(), late), ports.ErrStale)
		s.wantAll(t, ann, one)
	}
}

func updateUnknownSession(t *testing.T, s sessions) {
	for _, version := range []int64{0, 1} {
		unknown := s.newSession(ann, "unknown")
		unknown.Version = version
		wantError(t, "Update of a session that is not there", s.Update(t.Context(), unknown), ports.ErrNotFound)
		s.wantAbsent(t, "that was never created", ann, unknown.ID)
		s.wantAll(t, ann)
	}
}

func updateAnothersSession(t *testing.T, s sessions) {
	one := s.create(t, s.newSession(ann, "one"))
	stolen := rotated(one)
	stolen.UserID = bob
	wantError(t, "Update of another user's session", s.Update(t.Context(), stolen), ports.ErrNotFound)
	s.wantAll(t, ann, one)
	s.wantAll(t, bob)
}
