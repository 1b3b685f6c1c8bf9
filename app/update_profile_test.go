package app_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

func TestUpdateProfile(t *testing.T) {
	w := fresh(t)
	before := w.stored()
	caller := w.caller(w.signIn(home))
	w.clock.Advance(time.Second)
	fullname, username, address := " Ada King ", "Countess", "Ada@King.example"
	user, err := w.UpdateProfile.Do(t.Context(), app.UpdateProfileRequest{
		Caller: caller, Fullname: &fullname, Username: &username, Email: &address,
	})
	must(t, err)
	want := before
	want.Fullname, want.Username, want.Email = "Ada King", domain.RestoreUsername("countess"), domain.RestoreEmail("ada@king.example")
	want.UpdatedAt, want.Version = w.clock.Now(), before.Version+1
	stored, err := w.users.ByID(t.Context(), before.ID)
	must(t, err)
	if !reflect.DeepEqual(user, want) || !reflect.DeepEqual(stored, want) {
		t.Errorf("answered is %+v, stored is %+v; want %+v", user, stored, want)
	}
}

func TestUpdateProfileLeavesWhatIsNotGiven(t *testing.T) {
	w := fresh(t)
	before := w.stored()
	blank := " "
	user, err := w.UpdateProfile.Do(t.Context(), app.UpdateProfileRequest{Caller: w.caller(w.signIn(home)), Fullname: &blank})
	must(t, err)
	if user.Fullname != "" || user.Email != before.Email || user.Username != before.Username {
		t.Errorf("the user is %+v", user)
	}
}

func TestUpdateProfileRefuses(t *testing.T) {
	w := fresh(t, func(d *app.Deps) { d.Required = []string{"fullname"} })
	eve := registration()
	eve.Email, eve.Username = "eve@example.org", "eve"
	_, err := w.RegisterUser.Do(t.Context(), eve)
	must(t, err)
	before := w.stored()
	caller := w.caller(w.signIn(home))
	text := func(s string) *string { return &s }
	for _, c := range []struct {
		req    app.UpdateProfileRequest
		want   domain.Code
		fields []string
	}{
		{app.UpdateProfileRequest{}, domain.CodeValidationFailed, nil},
		{app.UpdateProfileRequest{Fullname: text(" "), Username: text(""), Email: text("\t")}, domain.CodeValidationFailed, []string{"fullname", "username", "email"}},
		{app.UpdateProfileRequest{Fullname: text("a\x00"), Username: text("a b"), Email: text("a@")}, domain.CodeValidationFailed, []string{"fullname", "username", "email"}},
		{app.UpdateProfileRequest{Email: text("EVE@example.org")}, domain.CodeUserExists, []string{"email"}},
		{app.UpdateProfileRequest{Username: text("Eve")}, domain.CodeUserExists, []string{"username"}},
	} {
		c.req.Caller = caller
		_, err := w.UpdateProfile.Do(t.Context(), c.req)
		blames(t, err, c.want, c.fields...)
	}
	if !reflect.DeepEqual(w.stored(), before) {
		t.Errorf("the user became %+v", w.stored())
	}
}

func TestUpdateProfileLosesNothingToARace(t *testing.T) {
	w := fresh(t)
	caller := w.caller(w.signIn(home))
	fullname, username := "Ada King", "countess"
	w.faults.race("users.Update", func() {
		_, err := w.UpdateProfile.Do(t.Context(), app.UpdateProfileRequest{Caller: caller, Username: &username})
		must(t, err)
	})
	_, err := w.UpdateProfile.Do(t.Context(), app.UpdateProfileRequest{Caller: caller, Fullname: &fullname})
	must(t, err)
	if u := w.stored(); u.Fullname != fullname || u.Username.String() != username {
		t.Errorf("the user is %+v", u)
	}
	w.faults.race("users.Update", func() { must(t, w.users.Delete(t.Context(), caller.User.ID)) })
	_, err = w.UpdateProfile.Do(t.Context(), app.UpdateProfileRequest{Caller: caller, Fullname: &fullname})
	fails(t, err, domain.CodeSessionEnded)
}

// A request that set out before the password was changed elsewhere changes nothing after it.
func TestUpdateProfileLosesToAChangeOfThePassword(t *testing.T) {
	w := fresh(t)
	here, elsewhere := w.signIn(home), w.signIn(office)
	caller, name := w.caller(elsewhere), "Eve"
	w.faults.race("users.ByID", func() { must(t, w.changePassword(here)) })
	_, err := w.UpdateProfile.Do(t.Context(), app.UpdateProfileRequest{Caller: caller, Fullname: &name})
	fails(t, err, domain.CodeSessionEnded)
	if w.stored().Fullname == name {
		t.Error("a session that is over changed the user")
	}
}

func TestUpdateProfileThatFailsCanBeRepeated(t *testing.T) {
	fullname := "Ada King"
	run := func(ctx context.Context, w *world) error {
		_, err := w.UpdateProfile.Do(ctx, app.UpdateProfileRequest{Caller: app.Caller{User: w.stored(), Session: w.sessionFrom(w.stored())}, Fullname: &fullname})
		return err
	}
	registered := func(t *testing.T) *world { return fresh(t) }
	failEach(t, registered, run, func(t *testing.T, w *world, call string, err error) {
		if !errors.Is(err, errBroken) && !errors.Is(err, ports.ErrUnavailable) {
			t.Errorf("the error is %v; want the one of %s", err, call)
		}
		must(t, run(t.Context(), w))
		if w.stored().Fullname != fullname {
			t.Errorf("the user is %+v", w.stored())
		}
	})
}
