// Package copying_test moves people from one store to another while they are signed in.
package copying_test

import (
	"maps"
	"path/filepath"
	"testing"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/cmd/config"
	"github.com/latchkey-auth/latchkey/cmd/wiring"
	"github.com/latchkey-auth/latchkey/tests/engines"
	"github.com/latchkey-auth/latchkey/tests/scenario"
	"github.com/latchkey-auth/latchkey/tests/world"
)

func TestMain(m *testing.M) { engines.Main(m) }

// secrets are what both services share: a move between stores is no move between keys.
var secrets = map[string]string{
	"ACCESS_TOKEN_SECRET":  "an access secret of 32 bytes or more",
	"REFRESH_TOKEN_SECRET": "a refresh secret of 32 bytes or more",
	"PUBLIC_URL":           "http://auth.example.org",
}

func TestNobodyIsLoggedOutByAMove(t *testing.T) {
	for name, target := range map[string]func(t *testing.T) (users, sessions string){
		"another file": func(t *testing.T) (string, string) {
			file := "sqlite:" + filepath.Join(t.TempDir(), "to.db")
			return file, file
		},
		"MongoDB":           func(t *testing.T) (string, string) { url := engines.Mongo(t); return url, url },
		"Redis":             func(t *testing.T) (string, string) { url := engines.Redis(t); return url, url },
		"MongoDB and Redis": func(t *testing.T) (string, string) { return engines.Mongo(t), engines.Redis(t) },
	} {
		t.Run(name, func(t *testing.T) {
			users, sessions := target(t)
			move(t, map[string]string{"USER_STORE": users, "TOKEN_STORE": sessions})
		})
	}
}

// move signs a person in on SQLite, copies everything twice, and lets them go on at the target.
func move(t *testing.T, target map[string]string) {
	from := world.Open(t, secrets)
	person := scenario.Registration{Email: "ada@example.org", Username: "ada", Password: "correct horse battery"}
	before := scenario.HTTP(from.Client, from.URL)
	_, err := before.Register(t.Context(), person)
	must(t, err)
	in, err := before.Login(t.Context(), scenario.Credentials{Email: person.Email, Password: person.Password})
	must(t, err)

	source := "sqlite:" + from.Database()
	if first := copyStores(t, source, target, from.Clock); first.Users.Written != 1 || first.Sessions.Written != 1 {
		t.Errorf("the first copy: %+v", first)
	}
	if second := copyStores(t, source, target, from.Clock); second.Users.Same != 1 || second.Sessions.Same != 1 || second.Users.Written+second.Sessions.Written != 0 {
		t.Errorf("the second copy: %+v", second)
	}

	settings := maps.Clone(secrets)
	maps.Copy(settings, target)
	to := world.Open(t, settings)
	after := scenario.HTTP(to.Client, to.URL)
	me, err := after.Me(t.Context(), in.AccessToken)
	must(t, err)
	if me != in.User {
		t.Errorf("was %+v, is %+v", in.User, me)
	}
	_, err = after.Refresh(t.Context(), in.RefreshToken)
	must(t, err)
	_, err = after.Login(t.Context(), scenario.Credentials{Username: person.Username, Password: person.Password})
	must(t, err)
}

func copyStores(t *testing.T, source string, target map[string]string, clock *scenario.Clock) (report app.CopyReport) {
	t.Helper()
	from := wiring.Pair{Users: store(t, source), Sessions: store(t, source)}
	to := wiring.Pair{Users: store(t, target["USER_STORE"]), Sessions: store(t, target["TOKEN_STORE"])}
	copying, closeStores, err := wiring.OpenCopy(t.Context(), from, to, false, clock.Now)
	must(t, err)
	report, err = copying.Do(t.Context())
	must(t, err)
	must(t, closeStores())
	if !report.Users.Equal() || !report.Sessions.Equal() {
		t.Errorf("the sides differ: %+v", report)
	}
	return report
}

func store(t *testing.T, text string) (url config.StoreURL) {
	t.Helper()
	must(t, url.UnmarshalText([]byte(text)))
	return url
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
