package scenario

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

var registering = []Behaviour{
	{Name: "a person registers and is known by a trimmed, lower-cased email and username", Check: func(t *testing.T, w World) {
		person := newPerson()
		typed := person
		typed.Email = "  " + strings.ToUpper(person.Email) + " "
		typed.Username = " " + strings.ToUpper(person.Username) + "  "
		u, err := w.Register(t.Context(), typed)
		must(t, err)
		if u.ID == "" || u.Email != person.Email || u.Username != person.Username || u.Fullname != person.Fullname {
			t.Errorf("registered as %+v", u)
		}
		if u.CreatedAt.IsZero() || !u.CreatedAt.Equal(u.UpdatedAt) || u.Avatar != "" || u.CoverImage != "" {
			t.Errorf("registered as %+v", u)
		}
		me, err := w.Me(t.Context(), w.signIn(t, person).AccessToken)
		must(t, err)
		if me != u {
			t.Errorf("registered as %+v, signed in as %+v", u, me)
		}
	}},
	{Name: "an email and a password are enough", Check: func(t *testing.T, w World) {
		for range 2 { // two people without a username are no conflict
			person := newPerson()
			person.Username, person.Fullname = "", ""
			_, err := w.Register(t.Context(), person)
			must(t, err)
		}
	}},
	{Name: "everything that is missing is said at once", Check: func(t *testing.T, w World) {
		_, err := w.Register(t.Context(), Registration{Email: "  ", Password: " \t"})
		refused(t, err, "validation_failed", "email", "password")
	}},
	{
		Name:     "the strict form demands every field, and an avatar",
		Settings: map[string]string{"REGISTER_REQUIRE": "username,fullname,email,password,avatar"},
		Check: func(t *testing.T, w World) {
			_, err := w.Register(t.Context(), Registration{Fullname: " "})
			refused(t, err, "validation_failed", "username", "fullname", "email", "password", "avatar")
			person := newPerson()
			person.Avatar = picture(1)
			_, err = w.Register(t.Context(), person)
			must(t, err)
		},
	},
	{Name: "everything that is not acceptable is said at once", Check: func(t *testing.T, w World) {
		_, err := w.Register(t.Context(), Registration{Email: "nobody", Username: "two words", Fullname: "\x01", Password: "short"})
		refused(t, err, "validation_failed", "email", "username", "fullname", "password")
	}},
	{Name: "an email and a username are each one person's", Check: func(t *testing.T, w World) {
		first, second := w.register(t), newPerson()
		sameEmail, sameUsername, sameBoth := second, second, second
		sameEmail.Email = strings.ToUpper(first.Email)
		sameUsername.Username = strings.ToUpper(first.Username)
		sameBoth.Email, sameBoth.Username = first.Email, first.Username
		_, err := w.Register(t.Context(), sameEmail)
		refused(t, err, "user_exists", "email")
		_, err = w.Register(t.Context(), sameUsername)
		refused(t, err, "user_exists", "username")
		_, err = w.Register(t.Context(), sameBoth)
		refused(t, err, "user_exists", "email", "username")
		_, err = w.Register(t.Context(), second) // nothing of the refused attempts is claimed
		must(t, err)
	}},
	{Name: "of many who register one email at once, one gets it", Check: func(t *testing.T, w World) {
		email := newPerson().Email
		var got atomic.Int64
		together(16, func(int) {
			person := newPerson()
			person.Email = email
			_, err := w.Register(t.Context(), person)
			if err == nil {
				got.Add(1)
				return
			}
			failure, ok := errors.AsType[*Failure](err)
			if !ok || failure.Code != "user_exists" || !slices.Equal(failure.Fields, []string{"email"}) {
				t.Errorf("a loser was told %v", err)
			}
		})
		if got.Load() != 1 {
			t.Errorf("%d people have the email", got.Load())
		}
	}},
	{Name: "images come with the registration", Check: func(t *testing.T, w World) {
		person := newPerson()
		person.Avatar, person.CoverImage = picture(1), picture(2)
		u, err := w.Register(t.Context(), person)
		must(t, err)
		for _, address := range []string{u.Avatar, u.CoverImage} {
			if _, ok := w.Image(t.Context(), address); !ok {
				t.Errorf("there is no image at %q", address)
			}
		}
		if u.Avatar == u.CoverImage {
			t.Error("both images have one address")
		}
	}},
	{Name: "a registration that fails leaves no image behind", Check: func(t *testing.T, w World) {
		person := w.register(t)
		before := w.ImagesLeft()
		taken := newPerson()
		taken.Email, taken.Avatar = person.Email, picture(1)
		_, err := w.Register(t.Context(), taken)
		refused(t, err, "user_exists", "email")
		spoilt := newPerson()
		spoilt.Avatar, spoilt.CoverImage = picture(1), []byte("<svg onload=alert(1)>")
		_, err = w.Register(t.Context(), spoilt)
		refused(t, err, "image_invalid", "coverImage")
		if after := w.ImagesLeft(); after != before {
			t.Errorf("%d images were left behind", after-before)
		}
		_, err = w.Login(t.Context(), Credentials{Email: spoilt.Email, Password: spoilt.Password})
		refused(t, err, "invalid_credentials")
	}},
}

// together runs n of something at once, and waits for all.
func together(n int, do func(i int)) {
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-start
			do(i)
		})
	}
	close(start)
	all.Wait()
}
