package porttest

import (
	"testing"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var userDeleteRules = []rule[users]{
	{"RemovesTheUser", deleteRemovesTheUser},
	{"FreesTheNames", deleteFreesTheNames},
	{"FreesNamesThatAnUpdateClaimed", deleteFreesUpdatedNames},
	{"NobodyIsNoError", deleteOfNobody},
	{"LeavesOthersAlone", deleteLeavesOthersAlone},
	{"DeletedUserIsNotUpdated", deleteIsFinal},
}

func deleteRemovesTheUser(t *testing.T, s users) {
	ann := s.create(t, newUser("ann"))
	s.delete(t, ann.ID)
	s.wantNobody(t, ann.ID, byEmail("ann"), byUsername("ann"))
}

func deleteFreesTheNames(t *testing.T, s users) {
	s.delete(t, s.create(t, newUser("ann")).ID)
	s.wantStored(t, s.create(t, newUser("ann")))
}

func deleteFreesUpdatedNames(t *testing.T, s users) {
	ann := s.create(t, newUser("ann"))
	s.update(t, changed(ann, "new"))
	s.delete(t, ann.ID)
	s.wantFree(t, byEmail("ann"), byUsername("ann"), byEmail("new"), byUsername("new"))
}

func deleteOfNobody(t *testing.T, s users) {
	s.delete(t, domain.NewUserID(birth))
	for _, key := range oddKeys {
		s.delete(t, domain.UserID(key))
	}
	ann := s.create(t, newUser("ann"))
	s.delete(t, ann.ID)
	s.delete(t, ann.ID)
}

func deleteLeavesOthersAlone(t *testing.T, s users) {
	ann, bob := s.create(t, newUser("ann")), s.create(t, newUser("bob"))
	s.delete(t, ann.ID)
	s.wantStored(t, bob)
	heir := s.create(t, newUser("ann"))
	s.delete(t, ann.ID) // whose names are somebody else's by now
	s.wantStored(t, heir)
}

func deleteIsFinal(t *testing.T, s users) {
	ann := s.create(t, newUser("ann"))
	s.delete(t, ann.ID)
	wantError(t, "Update of who was deleted", s.Update(t.Context(), changed(ann, "new")), ports.ErrNotFound)
	s.wantNobody(t, ann.ID, byEmail("ann"), byEmail("new"), byUsername("new"))
}
