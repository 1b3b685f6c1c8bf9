package porttest

import (
	"testing"

	"github.com/latchkey-auth/latchkey/domain"
)

var userUpdateNamesRules = []rule[users]{
	{"OwnNamesAreNoCollision", updateKeepsOwnNames},
	{"TakenEmailIsNamedAndChangesNothing", updateNamesTakenEmail},
	{"TakenUsernameIsNamedAndChangesNothing", updateNamesTakenUsername},
	{"NewNamesAreClaimed", updateClaimsNewNames},
	{"OldNamesAreFreed", updateFreesOldNames},
	{"NamesGivenUpAreFreed", updateFreesNamesGivenUp},
	{"ZeroNamesCollideWithNobody", updateZeroNamesAreNobodys},
	{"NamesCanComeBack", updateNamesCanComeBack},
}

func updateKeepsOwnNames(t *testing.T, s users) {
	u := s.create(t, newUser("ann"))
	u.Fullname = "Ann Other"
	u = s.update(t, u)
	u.Email = email("new")
	u = s.update(t, u)
	u.Username = username("new")
	s.wantStored(t, s.update(t, u))
}

func updateNamesTakenEmail(t *testing.T, s users) {
	ann, bob := s.create(t, newUser("ann")), s.create(t, newUser("bob"))
	greedy := changed(bob, "new")
	greedy.Email = ann.Email
	wantTaken(t, "Update to a taken email", s.Update(t.Context(), greedy), "email")
	s.wantStored(t, ann)
	s.wantStored(t, bob)
	s.wantFree(t, byUsername("new"))
}

func updateNamesTakenUsername(t *testing.T, s users) {
	ann, bob := s.create(t, newUser("ann")), s.create(t, newUser("bob"))
	greedy := changed(bob, "new")
	greedy.Username = ann.Username
	wantTaken(t, "Update to a taken username", s.Update(t.Context(), greedy), "username")
	s.wantStored(t, ann)
	s.wantStored(t, bob)
	s.wantFree(t, byEmail("new"))
}

func updateClaimsNewNames(t *testing.T, s users) {
	ann := s.create(t, newUser("ann"))
	ann = s.update(t, changed(ann, "new"))
	thief := newUser("thief")
	thief.Email = ann.Email
	wantTaken(t, "Create with an email that an Update claimed", s.Create(t.Context(), thief), "email")
	thief = newUser("thief")
	thief.Username = ann.Username
	wantTaken(t, "Create with a username that an Update claimed", s.Create(t.Context(), thief), "username")
}

func updateFreesOldNames(t *testing.T, s users) {
	ann := s.create(t, newUser("ann"))
	ann = s.update(t, changed(ann, "new"))
	s.wantNobody(t, "", byEmail("ann"), byUsername("ann"))
	heir := s.create(t, newUser("ann"))
	s.wantStored(t, ann)
	s.wantStored(t, heir)
}

func updateFreesNamesGivenUp(t *testing.T, s users) {
	ann := s.create(t, newUser("ann"))
	ann.Email, ann.Username = domain.Email{}, domain.Username{}
	ann = s.update(t, ann)
	s.wantStored(t, ann)
	s.wantFree(t, byEmail("ann"), byUsername("ann"))
}

func updateZeroNamesAreNobodys(t *testing.T, s users) {
	for _, name := range []string{"ann", "bob"} {
		u := s.create(t, newUser(name))
		u.Email = domain.Email{}
		u = s.update(t, u)
		u.Email, u.Username = email(name), domain.Username{}
		u = s.update(t, u)
		u.Email = domain.Email{}
		s.wantStored(t, s.update(t, u))
	}
}

func updateNamesCanComeBack(t *testing.T, s users) {
	ann := s.create(t, newUser("ann"))
	ann = s.update(t, changed(ann, "new"))
	ann = s.update(t, changed(ann, "ann"))
	s.wantStored(t, ann)
	s.wantFree(t, byEmail("new"), byUsername("new"))
}
