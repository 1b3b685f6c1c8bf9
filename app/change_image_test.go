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

func TestChangeImage(t *testing.T) {
	for _, which := range []domain.Image{domain.Avatar, domain.CoverImage} {
		w := fresh(t)
		before := w.stored()
		caller := w.caller(w.signIn(home))
		w.clock.Advance(time.Second)
		user, err := w.ChangeImage.Do(t.Context(), app.ChangeImageRequest{Caller: caller, Which: which, Data: []byte("newer")})
		must(t, err)
		want := before.WithImage(which, user.Image(which))
		want.UpdatedAt, want.Version = w.clock.Now(), before.Version+1
		if !reflect.DeepEqual(user, want) || !reflect.DeepEqual(w.stored(), want) || user.Image(which) == before.Image(which) {
			t.Errorf("answered is %+v, stored is %+v; want %+v", user, w.stored(), want)
		}
		w.images.shows(t, user)
	}
}

func TestChangeImageRefuses(t *testing.T) {
	w := fresh(t)
	caller := w.caller(w.signIn(home))
	_, err := w.ChangeImage.Do(t.Context(), app.ChangeImageRequest{Caller: caller, Which: domain.CoverImage})
	blames(t, err, domain.CodeValidationFailed, "coverImage")
	_, err = w.ChangeImage.Do(t.Context(), app.ChangeImageRequest{Caller: caller, Which: domain.Avatar, Data: []byte("bad")})
	blames(t, err, domain.CodeImageInvalid, "avatar")
	w.images.shows(t, w.stored())
}

func TestChangeImageTwiceAtOnceKeepsOne(t *testing.T) {
	w := fresh(t)
	caller := w.caller(w.signIn(home))
	change := func(data string) {
		_, err := w.ChangeImage.Do(t.Context(), app.ChangeImageRequest{Caller: caller, Which: domain.Avatar, Data: []byte(data)})
		must(t, err)
	}
	w.faults.race("users.Update", func() { change("other") })
	change("newer")
	w.images.shows(t, w.stored())
}

func TestChangeImageOfAnAccountThatIsGone(t *testing.T) {
	w := fresh(t)
	caller := w.caller(w.signIn(home))
	w.faults.race("users.Update", func() {
		must(t, w.DeleteAccount.Do(t.Context(), deletion(caller, rightPassword)))
	})
	_, err := w.ChangeImage.Do(t.Context(), app.ChangeImageRequest{Caller: caller, Which: domain.Avatar, Data: []byte("newer")})
	fails(t, err, domain.CodeSessionEnded)
	w.images.shows(t)
}

func TestChangeImageThatFailsLeavesOnePicture(t *testing.T) {
	signedIn := func(t *testing.T) *world {
		w := fresh(t)
		w.presented = w.signIn(home)
		return w
	}
	run := func(ctx context.Context, w *world) error {
		caller, err := w.Authenticate.Do(context.WithoutCancel(ctx), w.presented.Access.Secret)
		if err != nil {
			return err
		}
		_, err = w.ChangeImage.Do(ctx, app.ChangeImageRequest{Caller: caller, Which: domain.Avatar, Data: []byte("newer")})
		return err
	}
	failEach(t, signedIn, run, func(t *testing.T, w *world, call string, err error) {
		if err != nil && !errors.Is(err, errBroken) && !errors.Is(err, ports.ErrUnavailable) {
			t.Errorf("the error is %v; want the one of %s", err, call)
		}
		if call == "images.Delete" && err == nil {
			return // the old one is shown nowhere any more, and was all that could not be removed
		}
		if w.down {
			w.images.showsAtLeast(t, w.stored())
			return
		}
		w.images.shows(t, w.stored())
	})
}

// The store takes the write, and goes down: nobody can tell then which picture is shown, so both stay.
func TestChangeImageWhoseOutcomeStaysUnknownKeepsBothPictures(t *testing.T) {
	w := fresh(t, func(d *app.Deps) { d.Users = &goingDown{UserRepository: d.Users} })
	before := w.stored()
	caller := app.Caller{User: before, Session: w.sessionFrom(before)}
	_, err := w.ChangeImage.Do(t.Context(), app.ChangeImageRequest{Caller: caller, Which: domain.Avatar, Data: []byte("newer")})
	fails(t, err, domain.CodeUnavailable)
	after := w.stored()
	if after.Avatar == before.Avatar {
		t.Fatal("the write did not happen")
	}
	w.images.shows(t, after, domain.User{Avatar: before.Avatar})
}

// goingDown answers nobody from its first update on, which it makes.
type goingDown struct {
	ports.UserRepository
	down bool
}

func (g *goingDown) ByID(ctx context.Context, id domain.UserID) (domain.User, error) {
	if g.down {
		return domain.User{}, ports.Unavailable(errBroken)
	}
	return g.UserRepository.ByID(ctx, id)
}

func (g *goingDown) Update(ctx context.Context, u domain.User) error {
	g.down = true
	_ = g.UserRepository.Update(ctx, u)
	return ports.Unavailable(errBroken)
}
