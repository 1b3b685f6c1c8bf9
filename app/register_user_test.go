package app_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

func TestRegister(t *testing.T) {
	w := newWorld(t)
	user, err := w.RegisterUser.Do(t.Context(), registration())
	must(t, err)
	now := w.clock.Now()
	want := domain.User{
		ID: user.ID, Username: domain.RestoreUsername("ada"), Email: domain.RestoreEmail(email), Fullname: "Ada Lovelace",
		PasswordHash: user.PasswordHash, Avatar: user.Avatar, CoverImage: user.CoverImage,
		CreatedAt: now, UpdatedAt: now,
	}
	if !reflect.DeepEqual(user, want) {
		t.Errorf("registered is %+v; want %+v", user, want)
	}
	if want.Version = 1; !reflect.DeepEqual(w.stored(), want) {
		t.Errorf("stored is %+v; want %+v", w.stored(), want)
	}
	w.images.shows(t, user)
	w.events.were(t, domain.EventRegistered)
	w.signIn(home)
}

func TestRegisterWithTheLeast(t *testing.T) {
	w := newWorld(t)
	user, err := w.RegisterUser.Do(t.Context(), app.RegisterRequest{
		Email: email, Username: " ", Fullname: "\t", Password: domain.NewSecret(rightPassword), Avatar: []byte{},
	})
	must(t, err)
	if !user.Username.IsZero() || user.Fullname != "" || user.Avatar != "" {
		t.Errorf("blanks were taken for values: %+v", user)
	}
}

func TestRegisterSaysEverythingThatIsWrong(t *testing.T) {
	w := newWorld(t, func(d *app.Deps) {
		d.Required = []string{"username", "fullname", "email", "password", "avatar", "coverImage"}
	})
	_, err := w.RegisterUser.Do(t.Context(), app.RegisterRequest{Username: " ", Client: home})
	blames(t, err, domain.CodeValidationFailed, "username", "fullname", "email", "password", "avatar", "coverImage")

	_, err = w.RegisterUser.Do(t.Context(), app.RegisterRequest{
		Username: "a b", Fullname: "a\x00", Email: "a@", Password: domain.NewSecret("short"),
		Avatar: []byte("avatar"), CoverImage: []byte("cover"),
	})
	blames(t, err, domain.CodeValidationFailed, "username", "fullname", "email", "password")
	if len(w.faults.calls) != 0 {
		t.Errorf("what is not acceptable cost the calls %v", w.faults.calls)
	}
}

// What somebody who knows the account tries first is no password for it.
func TestRegisterRefusesAPasswordMadeOfTheAccount(t *testing.T) {
	for _, password := range []string{"ADA@example.org", "adaada18", "Lovelace1815", "!example.org"} {
		w, req := newWorld(t), registration()
		req.Password = domain.NewSecret(password)
		_, err := w.RegisterUser.Do(t.Context(), req)
		blames(t, err, domain.CodeValidationFailed, "password")
		req.Username, req.Fullname, req.Email = "grace", "Grace Hopper", "grace@navy.example"
		_, err = w.RegisterUser.Do(t.Context(), req)
		must(t, err)
	}
}

// Whoever has neither could never sign in.
func TestRegisterDemandsANameToSignInBy(t *testing.T) {
	w := newWorld(t, func(d *app.Deps) { d.Required = []string{"password"} })
	_, err := w.RegisterUser.Do(t.Context(), app.RegisterRequest{Password: domain.NewSecret(rightPassword)})
	blames(t, err, domain.CodeValidationFailed, "email")
	_, err = w.RegisterUser.Do(t.Context(), app.RegisterRequest{Username: "ada", Password: domain.NewSecret(rightPassword)})
	must(t, err)
}

func TestRegisterNamesEveryFieldThatIsTaken(t *testing.T) {
	w := fresh(t)
	for _, c := range []struct {
		email, username string
		taken           []string
	}{
		{"ADA@example.org", "other", []string{"email"}},
		{"other@example.org", "ＡＤＡ", []string{"username"}},
		{"ada@EXAMPLE.org", " Ada", []string{"email", "username"}},
	} {
		req := registration()
		req.Email, req.Username = c.email, c.username
		w.faults.reset()
		_, err := w.RegisterUser.Do(t.Context(), req)
		blames(t, err, domain.CodeUserExists, c.taken...)
		if w.faults.count("hasher.Hash")+w.faults.count("images.Put") != 0 {
			t.Errorf("a name that is taken cost %v", w.faults.calls)
		}
	}
	w.images.shows(t, w.stored())
}

// The name was free when it was asked for, and is taken when the user is stored.
func TestRegisterLosesARaceCleanly(t *testing.T) {
	w := newWorld(t)
	w.faults.race("users.Create", func() {
		_, err := w.RegisterUser.Do(t.Context(), registration())
		must(t, err)
	})
	_, err := w.RegisterUser.Do(t.Context(), registration())
	fails(t, err, domain.CodeUserExists)
	w.images.shows(t, w.stored())
	w.signIn(home)
}

func TestRegisterInParallelHasOneWinner(t *testing.T) {
	w := newWorld(t)
	var winners atomic.Int32
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			_, err := w.RegisterUser.Do(t.Context(), registration())
			if err == nil {
				winners.Add(1)
				return
			}
			fails(t, err, domain.CodeUserExists)
		})
	}
	wg.Wait()
	if winners.Load() != 1 {
		t.Errorf("%d registered under one name", winners.Load())
	}
	w.images.shows(t, w.stored())
}

func TestRegisterRefusesBadImages(t *testing.T) {
	for field, spoil := range map[string]func(*app.RegisterRequest){
		"avatar":     func(req *app.RegisterRequest) { req.Avatar = []byte("bad") },
		"coverImage": func(req *app.RegisterRequest) { req.CoverImage = []byte("bad") },
	} {
		w, req := newWorld(t), registration()
		spoil(&req)
		_, err := w.RegisterUser.Do(t.Context(), req)
		blames(t, err, domain.CodeImageInvalid, field)
		w.nobodyRegistered(t)
	}
}

func TestRegisterThatFailsLeavesNothing(t *testing.T) {
	run := func(ctx context.Context, w *world) error {
		_, err := w.RegisterUser.Do(ctx, registration())
		return err
	}
	empty := func(t *testing.T) *world { return newWorld(t) }
	failEach(t, empty, run, func(t *testing.T, w *world, call string, err error) {
		if err == nil {
			t.Fatalf("the failure of %s went unnoticed", call)
		}
		if !errors.Is(err, errBroken) && !errors.Is(err, ports.ErrUnavailable) {
			t.Errorf("the error is %v; want the one of %s", err, call)
		}
		w.events.were(t)
		if u, err := w.users.ByLogin(t.Context(), domain.Login{Email: domain.RestoreEmail(email)}); w.down && err == nil {
			w.images.showsAtLeast(t, u) // a user who could not be removed is whole
			return
		}
		if !w.down {
			w.nobodyRegistered(t)
		}
		must(t, run(t.Context(), w)) // and the name is free again
	})
}

// nobodyRegistered checks that there is no ada and no picture.
func (w *world) nobodyRegistered(t *testing.T) {
	t.Helper()
	for _, login := range []domain.Login{{Email: domain.RestoreEmail(email)}, {Username: domain.RestoreUsername("ada")}} {
		if u, err := w.users.ByLogin(t.Context(), login); !errors.Is(err, ports.ErrNotFound) {
			t.Errorf("a registration that failed left %+v, %v", u, err)
		}
	}
	w.images.shows(t)
}

func TestRegistrationsAreBoundedByNetwork(t *testing.T) {
	w := newWorld(t, func(d *app.Deps) { d.Registrations = d.AccountFailures })
	w.events.reset()
	req := registration()
	for n := range accountLimit + 1 {
		_, err := w.RegisterUser.Do(t.Context(), req)
		switch {
		case n == 0:
			must(t, err)
		case n < accountLimit:
			fails(t, err, domain.CodeUserExists) // whoever looks for names in use is bounded too
		default:
			fails(t, err, domain.CodeTooManyAttempts)
		}
	}
	w.events.were(t, domain.EventRegistered, domain.EventThrottled)
	req.Client = office
	_, err := w.RegisterUser.Do(t.Context(), req)
	fails(t, err, domain.CodeUserExists)
}

// TestAdmissionCountsNothing, and is refused once the limit is spent.
func TestAdmissionCountsNothing(t *testing.T) {
	w := newWorld(t, func(d *app.Deps) { d.Registrations = d.AccountFailures })
	for n := range accountLimit {
		for range 2 * accountLimit {
			must(t, w.RegisterUser.Admit(t.Context(), home))
		}
		req := registration()
		req.Email, req.Username = fmt.Sprintf("ada%d@example.org", n), ""
		_, err := w.RegisterUser.Do(t.Context(), req)
		must(t, err)
	}
	w.events.reset()
	fails(t, w.RegisterUser.Admit(t.Context(), home), domain.CodeTooManyAttempts)
	w.events.were(t, domain.EventThrottled)
	must(t, w.RegisterUser.Admit(t.Context(), office))
}

// TestAdmissionFailsClosed: while nobody can tell how often they registered, nobody is let in.
func TestAdmissionFailsClosed(t *testing.T) {
	w := newWorld(t)
	w.faults.at, w.faults.err = 1, errBroken
	if err := w.RegisterUser.Admit(t.Context(), home); !errors.Is(err, errBroken) {
		t.Errorf("got %v, want %v", err, errBroken)
	}
}

func TestTimesAreCutToTheMillisecond(t *testing.T) {
	zone := time.FixedZone("east", 3600)
	at := time.Date(2026, 3, 1, 12, 0, 0, 123456789, zone)
	w := newWorld(t, func(d *app.Deps) { d.Now = func() time.Time { return at } })
	user, err := w.RegisterUser.Do(t.Context(), registration())
	must(t, err)
	if want := time.Date(2026, 3, 1, 11, 0, 0, 123e6, time.UTC); user.CreatedAt != want {
		t.Errorf("registered at %v; want %v", user.CreatedAt, want)
	}
}
