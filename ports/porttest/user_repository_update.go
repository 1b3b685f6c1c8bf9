package porttest

import (
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var userUpdateRules = []rule[users]{
	{"StoresEveryFieldAndTheNextVersion", updateStoresEveryField},
	{"CanEmptyEveryField", updateCanEmptyEveryField},
	{"NeverChangesCreatedAt", updateNeverChangesCreatedAt},
	{"LeavesOthersAlone", updateLeavesOthersAlone},
	{"SameValueCountsAsAWrite", updateSameValueCounts},
	{"StaleVersionChangesNothing", updateStaleChangesNothing},
	{"StaleVersionClaimsNothing", updateStaleClaimsNothing},
	{"UnknownUserIsNotFound", updateUnknownUser},
}

func updateStoresEveryField(t *testing.T, s users) {
	u := s.create(t, newUser("ann"))
	u = s.update(t, changed(u, "bob"))
	s.wantStored(t, u)
	s.wantStored(t, s.update(t, changed(u, "cat")))
}

func updateCanEmptyEveryField(t *testing.T, s users) {
	u := s.create(t, newUser("ann"))
	u = s.update(t, domain.User{ID: u.ID, CreatedAt: u.CreatedAt, Version: u.Version})
	s.wantStored(t, u)
	s.wantStored(t, s.update(t, changed(u, "ann")))
}

func updateNeverChangesCreatedAt(t *testing.T, s users) {
	ann := s.create(t, newUser("ann"))
	for _, at := range []time.Time{birth.Add(time.Hour), {}} {
		forged := ann
		forged.Fullname, forged.CreatedAt = "Ann "+at.String(), at
		ann = s.update(t, forged)
		ann.CreatedAt = birth
		s.wantStored(t, ann)
	}
}

func updateLeavesOthersAlone(t *testing.T, s users) {
	ann, bob := s.create(t, newUser("ann")), s.create(t, newUser("bob"))
	s.update(t, changed(ann, "cat"))
	s.wantStored(t, bob)
}

func updateSameValueCounts(t *testing.T, s users) {
	read := s.create(t, newUser("ann"))
	s.wantStored(t, s.update(t, read))
	wantError(t, "Update with a version that was spent on the same value", s.Update(t.Context(), read), ports.ErrStale)
}

func updateStaleChangesNothing(t *testing.T, s users) {
	ann := s.create(t, newUser("ann"))
	ann = s.update(t, ann)
	for _, version := range []int64{-1, 0, 1, 3, 1 << 40} {
		late := changed(ann, "late")
		late.Version = version
		wantError(t, "Update with another version than the stored one", s.Update(t.Context(), late), ports.ErrStale)
		s.wantStored(t, ann)
	}
}

func updateStaleClaimsNothing(t *testing.T, s users) {
	read := s.create(t, newUser("ann"))
	ann := s.update(t, read)
	wantError(t, "Update with a spent version and new names", s.Update(t.Context(), changed(read, "late")), ports.ErrStale)
	s.wantFree(t, byEmail("late"), byUsername("late"))
	s.wantStored(t, ann)
}

func updateUnknownUser(t *testing.T, s users) {
	for _, version := range []int64{0, 1} {
		nobody := newUser("nobody")
		nobody.Version = version
		wantError(t, "Update of who is not there", s.Update(t.Context(), nobody), ports.ErrNotFound)
		s.wantNobody(t, nobody.ID, byEmail("nobody"), byUsername("nobody"))
	}
	s.wantFree(t, byEmail("nobody"), byUsername("nobody"))
}
