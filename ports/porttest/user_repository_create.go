package porttest

import (
	"testing"

	"github.com/latchkey-auth/latchkey/domain"
)

var userCreateRules = []rule[users]{
	{"KeepsEveryField", createKeepsEveryField},
	{"KeepsAUserWithNothingButAnID", createKeepsAnEmptyUser},
	{"StoresVersionOneWhateverIsGiven", createStoresVersionOne},
	{"TakenEmailIsNamed", createNamesTakenEmail},
	{"TakenUsernameIsNamed", createNamesTakenUsername},
	{"NamesTakenByTwoOthers", createNamesTakenByTwo},
	{"TakenIDIsNamed", createNamesTakenID},
	{"FailingStoresAndClaimsNothing", createFailingClaimsNothing},
	{"ZeroNamesCollideWithNobody", createZeroNamesAreNobodys},
	{"EmailsAndUsernamesAreApart", createKeepsKindsOfNamesApart},
	{"LookalikesAreOthers", createTellsLookalikesApart},
}

func createKeepsEveryField(t *testing.T, s users) {
	ann, bob := s.create(t, newUser("ann")), s.create(t, newUser("bob"))
	s.wantStored(t, ann)
	s.wantStored(t, bob)
}

func createKeepsAnEmptyUser(t *testing.T, s users) {
	s.wantStored(t, s.create(t, domain.User{ID: domain.NewUserID(birth)}))
}

func createStoresVersionOne(t *testing.T, s users) {
	for name, version := range map[string]int64{"none": 0, "negative": -1, "one": 1, "many": 77} {
		u := newUser(name)
		u.Version = version
		s.wantStored(t, s.create(t, u))
	}
}

func createNamesTakenEmail(t *testing.T, s users) {
	ann, thief := s.create(t, newUser("ann")), newUser("thief")
	thief.Email = ann.Email
	wantTaken(t, "Create with a taken email", s.Create(t.Context(), thief), "email")
	s.wantStored(t, ann)
}

func createNamesTakenUsername(t *testing.T, s users) {
	ann, thief := s.create(t, newUser("ann")), newUser("thief")
	thief.Username = ann.Username
	wantTaken(t, "Create with a taken username", s.Create(t.Context(), thief), "username")
	s.wantStored(t, ann)
}

func createNamesTakenByTwo(t *testing.T, s users) {
	ann, bob, thief := s.create(t, newUser("ann")), s.create(t, newUser("bob")), newUser("thief")
	thief.Email, thief.Username = ann.Email, bob.Username
	wantTaken(t, "Create with names of two others", s.Create(t.Context(), thief), "email", "username")
	s.wantStored(t, ann)
	s.wantStored(t, bob)
	s.wantNobody(t, thief.ID)
}

func createNamesTakenID(t *testing.T, s users) {
	ann, thief := s.create(t, newUser("ann")), newUser("thief")
	thief.ID = ann.ID
	wantTaken(t, "Create with a taken id", s.Create(t.Context(), thief), "_id")
	wantTaken(t, "Create of one and the same user", s.Create(t.Context(), ann), "_id", "email", "username")
	s.wantStored(t, ann)
	s.wantFree(t, byEmail("thief"), byUsername("thief"))
}

func createFailingClaimsNothing(t *testing.T, s users) {
	ann := s.create(t, newUser("ann"))
	byTakenEmail, byTakenUsername := newUser("one"), newUser("two")
	byTakenEmail.Email, byTakenUsername.Username = ann.Email, ann.Username
	wantTaken(t, "Create with a taken email", s.Create(t.Context(), byTakenEmail), "email")
	wantTaken(t, "Create with a taken username", s.Create(t.Context(), byTakenUsername), "username")
	s.wantNobody(t, byTakenEmail.ID, byUsername("one"))
	s.wantNobody(t, byTakenUsername.ID, byEmail("two"))
	s.wantFree(t, byUsername("one"), byEmail("two"))
	s.wantStored(t, ann)
}

func createZeroNamesAreNobodys(t *testing.T, s users) {
	for _, name := range []string{"ann", "bob"} {
		neither, noEmail, noUsername := newUser(name+"1"), newUser(name+"2"), newUser(name+"3")
		neither.Email, neither.Username = domain.Email{}, domain.Username{}
		noEmail.Email, noUsername.Username = domain.Email{}, domain.Username{}
		for _, u := range []domain.User{neither, noEmail, noUsername} {
			s.wantStored(t, s.create(t, u))
		}
	}
}

func createKeepsKindsOfNamesApart(t *testing.T, s users) {
	ann, other := newUser("ann"), newUser("other")
	other.Username = domain.RestoreUsername(ann.Email.String())
	ann, other = s.create(t, ann), s.create(t, other)
	s.wantStored(t, ann)
	s.wantStored(t, other)
}

func createTellsLookalikesApart(t *testing.T, s users) {
	for _, pair := range lookalikes {
		first, second := s.create(t, newUser(pair[0])), newUser(pair[1])
		s.wantNobody(t, second.ID, byEmail(pair[1]), byUsername(pair[1]))
		second = s.create(t, second)
		s.wantStored(t, first)
		s.wantStored(t, second)
		s.delete(t, first.ID)
	}
}
