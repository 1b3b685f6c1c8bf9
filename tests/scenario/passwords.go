package scenario

import "testing"

var passwords = []Behaviour{
	{Name: "a new password ends every other session, and the old password is of no use", Check: func(t *testing.T, w World) {
		person, here := w.newcomer(t)
		there := w.signIn(t, person)
		const next = "another horse battery"
		must(t, w.ChangePassword(t.Context(), here.AccessToken, password, next))
		w.alive(t, here.Tokens)
		w.refresh(t, here.RefreshToken)
		w.over(t, there.Tokens)
		_, err := w.Login(t.Context(), Credentials{Email: person.Email, Password: password})
		refused(t, err, "invalid_credentials")
		person.Password = next
		w.signIn(t, person)
	}},
	{Name: "the session that changed the password last is the one that goes on", Check: func(t *testing.T, w World) {
		person, first := w.newcomer(t)
		must(t, w.ChangePassword(t.Context(), first.AccessToken, password, "password number two"))
		person.Password = "password number two"
		second := w.signIn(t, person)
		must(t, w.ChangePassword(t.Context(), second.AccessToken, "password number two", "password number three"))
		w.over(t, first.Tokens)
		w.alive(t, second.Tokens)
		must(t, w.ChangePassword(t.Context(), second.AccessToken, "password number three", "password number four"))
		w.alive(t, second.Tokens)
	}},
	{Name: "who does not know the old password changes nothing", Check: func(t *testing.T, w World) {
		person, in := w.newcomer(t)
		there := w.signIn(t, person)
		refused(t, w.ChangePassword(t.Context(), in.AccessToken, "not "+password, "another horse battery"), "invalid_credentials", "oldPassword")
		refused(t, w.ChangePassword(t.Context(), in.AccessToken, "", ""), "validation_failed", "oldPassword", "newPassword")
		refused(t, w.ChangePassword(t.Context(), in.AccessToken, password, "short"), "validation_failed", "newPassword")
		w.alive(t, there.Tokens)
		w.signIn(t, person)
	}},
	{Name: "a password that is guessed first is refused, at registering and later", Check: func(t *testing.T, w World) {
		person, in := w.newcomer(t)
		for _, guess := range []string{"password1", "aaaaaaaaaaaa", person.Email + "!", person.Username + "1!", "latchkey2026"} {
			refused(t, w.ChangePassword(t.Context(), in.AccessToken, password, guess), "validation_failed", "newPassword")
			again := person
			again.Password = guess
			_, err := w.Register(t.Context(), again)
			refused(t, err, "validation_failed", "password")
		}
		must(t, w.ChangePassword(t.Context(), in.AccessToken, password, "only small letters and blanks"))
	}},
	{
		Name:     "bcrypt's limit of 72 bytes is said, never cut at",
		Settings: map[string]string{"PASSWORD_HASH": "bcrypt"},
		Check: func(t *testing.T, w World) {
			person := newPerson()
			person.Password = "72 bytes are taken, and not one more, whatever the hash would do with it"
			_, err := w.Register(t.Context(), Registration{Email: person.Email, Password: person.Password + "!"})
			refused(t, err, "validation_failed", "password")
			_, err = w.Register(t.Context(), person)
			must(t, err)
			w.signIn(t, person)
		},
	},
}
