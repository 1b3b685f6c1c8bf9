package porttest

import (
	"fmt"
	"testing"

	"github.com/latchkey-auth/latchkey/domain"
)

var userNameRaceRules = []rule[users]{
	{"OneCreateGetsAnEmail", func(t *testing.T, s users) { createsForOneName(t, s, "email") }},
	{"OneCreateGetsAUsername", func(t *testing.T, s users) { createsForOneName(t, s, "username") }},
	{"OneUpdateGetsAnEmail", func(t *testing.T, s users) { updatesToOneName(t, s, "email") }},
	{"OneUpdateGetsAUsername", func(t *testing.T, s users) { updatesToOneName(t, s, "username") }},
	{"OneOfCreateAndUpdateGetsAnEmail", createsAgainstUpdates},
	{"CreatesFailOnlyForNamesThatAreHeld", crossedCreates},
	{"UpdatesFailOnlyForNamesThatAreHeld", crossedUpdates},
}

// named is u with the name that all compete for as its email or as its username, and the other of its own.
func named(u domain.User, field, name string) domain.User {
	if field == "email" {
		u.Email = email(name)
		return u
	}
	u.Username = username(name)
	return u
}

// otherName is the login that named leaves as it was.
func otherName(u domain.User, field string) domain.Login {
	if field == "email" {
		return domain.Login{Username: u.Username}
	}
	return domain.Login{Email: u.Email}
}

func createsForOneName(t *testing.T, s users, field string) {
	const n = 50
	rivals := make([]domain.User, n)
	for i := range rivals {
		rivals[i] = named(newUser(fmt.Sprint("rival", i)), field, "prize")
	}
	errs := together(n, func(i int) error { return s.Create(t.Context(), rivals[i]) })
	winner := wantOneWinner(t, "Create with one "+field+", at once", errs, domain.UserExists())
	for i, rival := range rivals {
		if i == winner {
			rival.Version = 1
			s.wantStored(t, rival)
			continue
		}
		wantTaken(t, "Create with one "+field+", at once", errs[i], field)
		s.wantNobody(t, rival.ID, otherName(rival, field))
		s.wantFree(t, otherName(rival, field))
	}
}

func updatesToOneName(t *testing.T, s users, field string) {
	const n = 32
	rivals := make([]domain.User, n)
	for i := range rivals {
		rivals[i] = s.create(t, newUser(fmt.Sprint("rival", i)))
	}
	greedy := func(i int) domain.User {
		return named(changed(rivals[i], fmt.Sprint("new", i)), field, "prize")
	}
	errs := together(n, func(i int) error { return s.Update(t.Context(), greedy(i)) })
	winner := wantOneWinner(t, "Update to one "+field+", at once", errs, domain.UserExists())
	for i, rival := range rivals {
		if i == winner {
			won := greedy(i)
			won.Version++
			s.wantStored(t, won)
			s.wantFree(t, domain.Login{Email: rival.Email}, domain.Login{Username: rival.Username})
			continue
		}
		wantTaken(t, "Update to one "+field+", at once", errs[i], field)
		s.wantStored(t, rival)
		s.wantFree(t, otherName(greedy(i), field))
	}
}

func createsAgainstUpdates(t *testing.T, s users) {
	const n = 32
	rivals := make([]domain.User, n)
	for i := range rivals {
		rivals[i] = newUser(fmt.Sprint("rival", i))
		if i%2 == 0 {
			rivals[i] = s.create(t, rivals[i])
		}
		rivals[i] = named(rivals[i], "email", "prize")
	}
	errs := together(n, func(i int) error {
		if i%2 == 0 {
			return s.Update(t.Context(), rivals[i])
		}
		return s.Create(t.Context(), rivals[i])
	})
	won := rivals[wantOneWinner(t, "Create and Update with one email, at once", errs, domain.UserExists())]
	won.Version++
	s.wantStored(t, won)
}

// crossed is a square of rivals: each shares its email with those of its row, and its username with those of its
// column. A store that claims one name, fails at the other and then lets go again must not make others fail meanwhile.
const (
	side    = 7
	squared = side * side
)

func crossed(u domain.User, i int) domain.User {
	u.Email, u.Username = email(fmt.Sprint("row", i/side)), username(fmt.Sprint("column", i%side))
	return u
}

func crossedCreates(t *testing.T, s users) {
	rivals := make([]domain.User, squared)
	for i := range rivals {
		rivals[i] = crossed(newUser(""), i)
	}
	errs := together(squared, func(i int) error { return s.Create(t.Context(), rivals[i]) })
	s.wantRightlyBlamed(t, "Create", rivals, errs)
}

func crossedUpdates(t *testing.T, s users) {
	rivals := make([]domain.User, squared)
	for i := range rivals {
		rivals[i] = crossed(s.create(t, newUser(fmt.Sprint("rival", i))), i)
	}
	errs := together(squared, func(i int) error { return s.Update(t.Context(), rivals[i]) })
	s.wantRightlyBlamed(t, "Update", rivals, errs)
}

// wantRightlyBlamed wants everyone who succeeded stored, and everyone who failed to have failed for a name that
// somebody has: none is given up once the rivals are done.
func (s users) wantRightlyBlamed(t *testing.T, call string, rivals []domain.User, errs []error) {
	t.Helper()
	for i, err := range errs {
		if err == nil {
			rivals[i].Version++
			s.wantStored(t, rivals[i])
			continue
		}
		if !s.blamesRightly(t, rivals[i], err) {
			t.Errorf("%s at once with names crossed: got the error %v, though nobody has what it blames", call, err)
		}
	}
}
