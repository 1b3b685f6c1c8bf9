package scenario

import (
	"strings"
	"testing"
	"time"
)

var profiles = []Behaviour{
	{Name: "a person changes what is said of them", Check: func(t *testing.T, w World) {
		person, in := w.newcomer(t)
		next := newPerson()
		w.Clock.Advance(time.Second)
		u, err := w.UpdateProfile(t.Context(), in.AccessToken, map[string]string{
			"fullname": " New Name ", "username": strings.ToUpper(next.Username), "email": next.Email,
		})
		must(t, err)
		if u.Fullname != "New Name" || u.Username != next.Username || u.Email != next.Email || !u.UpdatedAt.After(u.CreatedAt) {
			t.Errorf("changed to %+v", u)
		}
		me, err := w.Me(t.Context(), in.AccessToken)
		must(t, err)
		if me != u {
			t.Errorf("changed to %+v, seen as %+v", u, me)
		}
		w.signIn(t, next)
		_, err = w.Login(t.Context(), Credentials{Email: person.Email, Password: password})
		refused(t, err, "invalid_credentials")
		_, err = w.Register(t.Context(), person) // the old names are free
		must(t, err)
	}},
	{Name: "what is not named stays as it is", Check: func(t *testing.T, w World) {
		person, in := w.newcomer(t)
		u, err := w.UpdateProfile(t.Context(), in.AccessToken, map[string]string{"fullname": "Only This"})
		must(t, err)
		if u.Fullname != "Only This" || u.Email != person.Email || u.Username != person.Username {
			t.Errorf("changed to %+v", u)
		}
	}},
	{Name: "a profile is not changed to what is wrong, or another's", Check: func(t *testing.T, w World) {
		other := w.register(t)
		person, in := w.newcomer(t)
		for change, want := range map[string]struct{ value, code string }{
			"email":    {other.Email, "user_exists"},
			"username": {other.Username, "user_exists"},
			"fullname": {"\x00", "validation_failed"},
		} {
			_, err := w.UpdateProfile(t.Context(), in.AccessToken, map[string]string{change: want.value})
			refused(t, err, want.code, change)
		}
		_, err := w.UpdateProfile(t.Context(), in.AccessToken, map[string]string{"email": " ", "username": ""})
		refused(t, err, "validation_failed", "email", "username")
		_, err = w.UpdateProfile(t.Context(), in.AccessToken, map[string]string{"password": "mass assignment", "_id": "1"})
		refused(t, err, "validation_failed")
		w.signIn(t, person)
	}},
	{Name: "a new avatar replaces the old one", Check: func(t *testing.T, w World) {
		person := newPerson()
		person.Avatar = picture(1)
		before, err := w.Register(t.Context(), person)
		must(t, err)
		in := w.signIn(t, person)
		after, err := w.ChangeAvatar(t.Context(), in.AccessToken, picture(2))
		must(t, err)
		if _, ok := w.Image(t.Context(), after.Avatar); !ok || after.Avatar == before.Avatar {
			t.Errorf("the new avatar is %q", after.Avatar)
		}
		if _, ok := w.Image(t.Context(), before.Avatar); ok {
			t.Error("the old avatar is still there")
		}
		_, err = w.ChangeAvatar(t.Context(), in.AccessToken, []byte("no image"))
		refused(t, err, "image_invalid", "avatar")
		_, err = w.ChangeAvatar(t.Context(), in.AccessToken, nil)
		refused(t, err, "validation_failed", "avatar")
		if _, ok := w.Image(t.Context(), after.Avatar); !ok {
			t.Error("a refused image took the avatar away")
		}
	}},
	{Name: "an account that is deleted is gone, with its sessions and images", Check: func(t *testing.T, w World) {
		before := w.ImagesLeft()
		person := newPerson()
		person.Avatar, person.CoverImage = picture(1), picture(2)
		_, err := w.Register(t.Context(), person)
		must(t, err)
		here, there := w.signIn(t, person), w.signIn(t, person)
		refused(t, w.DeleteAccount(t.Context(), here.AccessToken, "not "+password), "invalid_credentials", "password")
		refused(t, w.DeleteAccount(t.Context(), here.AccessToken, ""), "validation_failed", "password")
		must(t, w.DeleteAccount(t.Context(), here.AccessToken, password))
		w.over(t, here.Tokens)
		w.over(t, there.Tokens)
		_, err = w.Login(t.Context(), Credentials{Email: person.Email, Password: password})
		refused(t, err, "invalid_credentials")
		if left := w.ImagesLeft(); left != before {
			t.Errorf("%d images were left behind", left-before)
		}
		person.Avatar, person.CoverImage = nil, nil
		_, err = w.Register(t.Context(), person)
		must(t, err)
	}},
}
