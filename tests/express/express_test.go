// Package express_test points Latchkey at the database of a back end that was written with Express and Mongoose.
package express_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/latchkey-auth/latchkey/adapters/eventlog"
	"github.com/latchkey-auth/latchkey/adapters/jwt"
	"github.com/latchkey-auth/latchkey/adapters/mongo"
	"github.com/latchkey-auth/latchkey/adapters/password"
	"github.com/latchkey-auth/latchkey/adapters/throttle"
	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports/porttest"
	"github.com/latchkey-auth/latchkey/tests/engines"
)

func TestMain(m *testing.M) { engines.Main(m) }

// latchkey is the use cases on a database, and the database itself.
type latchkey struct {
	*app.App
	t     *testing.T
	users *driver.Collection
}

func openLatchkey(t *testing.T, people ...person) latchkey {
	t.Helper()
	url, clock := engines.Mongo(t), porttest.NewClock()
	users := usersOf(t, url)
	for _, p := range people {
		_, err := users.InsertOne(t.Context(), p.doc)
		must(t, err)
	}
	store, err := mongo.Connect(t.Context(), url, clock.Now)
	must(t, err)
	t.Cleanup(func() { must(t, store.Close()) })
	return latchkey{useCases(store, clock.Now), t, users}
}

// usersOf is the collection of users in a database.
func usersOf(t *testing.T, url string) *driver.Collection {
	t.Helper()
	client, err := driver.Connect(options.Client().ApplyURI(url))
	must(t, err)
	t.Cleanup(func() { must(t, client.Disconnect(context.Background())) })
	return client.Database(url[strings.LastIndex(url, "/")+1:]).Collection("users")
}

func useCases(store *mongo.Store, now func() time.Time) *app.App {
	tokens := jwt.New(jwt.Config{
		Issuer: "https://id.example.org", Audience: "example", AccessTTL: time.Hour,
		AccessKeys:     jwt.HMACKeyring(domain.NewSecret(strings.Repeat("a", 32))),
		RefreshSecrets: []domain.Secret{domain.NewSecret(strings.Repeat("r", 32))},
	})
	return app.New(app.Deps{
		Users: store.Users(), Sessions: store.Sessions(), Issuer: tokens, Verifier: tokens,
		Hasher:          password.New(password.Config{Argon2: password.Argon2Params{Memory: 8, Time: 1, Threads: 1}}),
		Events:          eventlog.NewLog(slog.New(slog.DiscardHandler)),
		AccountFailures: throttle.Unlimited{}, AddressFailures: throttle.Unlimited{}, Registrations: throttle.Unlimited{},
		Passwords:  domain.PasswordPolicy{MinLength: 8, MaxBytes: domain.MaxPasswordBytes},
		SessionFor: domain.SessionPolicy{RefreshTTL: time.Hour, MaxAge: time.Hour},
		Required:   []string{"password"},
		Now:        now,
	})
}

// signIn signs a person in and says who they are to the service by then.
func (w latchkey) signIn(email, username, password string) app.Caller {
	w.t.Helper()
	answer, err := w.LoginUser.Do(w.t.Context(), app.LoginRequest{Email: email, Username: username, Password: domain.NewSecret(password)})
	if err != nil {
		w.t.Fatalf("sign in as %q %q: %v", email, username, err)
	}
	caller, err := w.Authenticate.Do(w.t.Context(), answer.Access.Secret)
	must(w.t, err)
	return caller
}

// stored is the person's document as it is now.
func (w latchkey) stored(p person) bson.Raw {
	w.t.Helper()
	doc, err := w.users.FindOne(w.t.Context(), bson.D{p.doc[0]}).Raw()
	must(w.t, err)
	return doc
}

// wantChanged wants exactly these fields of the person's document to have changed, and all
// others to be there byte for byte as they were.
func (w latchkey) wantChanged(p person, fields ...string) {
	w.t.Helper()
	before, err := bson.Marshal(p.doc)
	must(w.t, err)
	was, is := elements(w.t, before), elements(w.t, w.stored(p))
	for name, value := range is {
		if old, had := was[name]; (!had || old != value) != slices.Contains(fields, name) {
			w.t.Errorf("the field %s: had %t, changed %t; want only %v to change", name, had, old != value, fields)
		}
	}
	for name := range was {
		if _, kept := is[name]; !kept {
			w.t.Errorf("the field %s is gone", name)
		}
	}
}

// elements is the fields of a document with the bytes of their values, the type first.
func elements(t *testing.T, doc bson.Raw) map[string]string {
	t.Helper()
	all, err := doc.Elements()
	must(t, err)
	byName := map[string]string{}
	for _, e := range all {
		byName[e.Key()] = string(append([]byte{byte(e.Value().Type)}, e.Value().Value...))
	}
	return byName
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestPeopleSignInAsBefore(t *testing.T) {
	everybody := people()
	all := make([]person, 0, len(everybody))
	for _, p := range everybody {
		all = append(all, p)
	}
	w := openLatchkey(t, all...)
	for name, p := range everybody {
		t.Run(name, func(t *testing.T) {
			w.t = t
			w.wantChanged(p) // nothing, by connecting
			for range 2 {    // the second time with the renewed hash
				if p.email != "" {
					w.signIn(p.email, "", oldPassword)
				}
				if p.username != "" {
					w.signIn("", p.username, oldPassword)
				}
			}
			w.wantChanged(p, "password", "__v")
			if hash := w.stored(p).Lookup("password").StringValue(); !strings.HasPrefix(hash, "$argon2id$") {
				t.Errorf("the hash was not renewed: it is of the kind %.4s", hash)
			}
		})
	}
}

func TestChangesTouchNothingElse(t *testing.T) {
	for name, p := range people() {
		t.Run(name, func(t *testing.T) {
			w := openLatchkey(t, p)
			caller := w.signIn(p.email, p.username, oldPassword)
			fullname := "Somebody Else"
			user, err := w.UpdateProfile.Do(t.Context(), app.UpdateProfileRequest{Caller: caller, Fullname: &fullname})
			must(t, err)
			w.wantChanged(p, "password", "__v", "fullname", "updatedAt")
			caller.User = user
			must(t, w.ChangePassword.Do(t.Context(), app.ChangePasswordRequest{
				Caller: caller, Old: domain.NewSecret(oldPassword), New: domain.NewSecret("another password"),
			}))
			w.wantChanged(p, "password", "__v", "fullname", "updatedAt", "credentialsVersion", "credentialsSession")
			if got := w.signIn(p.email, p.username, "another password").User; got.Fullname != fullname {
				t.Errorf("the full name is %q", got.Fullname)
			}
		})
	}
}

func TestNewNames(t *testing.T) {
	p := people()["email in mixed case"]
	w := openLatchkey(t, p)
	caller := w.signIn(p.email, "", oldPassword)
	email, username := "New@Example.org", "Robert"
	_, err := w.UpdateProfile.Do(t.Context(), app.UpdateProfileRequest{Caller: caller, Email: &email, Username: &username})
	must(t, err)
	w.wantChanged(p, "password", "__v", "email", "username", "updatedAt")
	if stored := w.stored(p); stored.Lookup("email").StringValue() != "new@example.org" || stored.Lookup("username").StringValue() != "robert" {
		t.Errorf("stored are %v", stored)
	}
	w.signIn("new@example.org", "", oldPassword)
	w.register("bob.b@example.org", "bob") // which are free again
}

func (w latchkey) register(email, username string) {
	w.t.Helper()
	must(w.t, w.tryRegister(email, username))
}

func (w latchkey) tryRegister(email, username string) error {
	_, err := w.RegisterUser.Do(w.t.Context(), app.RegisterRequest{Email: email, Username: username, Password: domain.NewSecret(oldPassword)})
	return err
}

func TestNamesInAnotherCaseAreTaken(t *testing.T) {
	w := openLatchkey(t, people()["email in mixed case"], people()["username in mixed case"])
	for _, names := range [][2]string{{"bob.b@example.org", "free"}, {"BOB.B@EXAMPLE.ORG", ""}, {"free@example.org", "cytwombly"}} {
		if err := w.tryRegister(names[0], names[1]); !isTaken(err) {
			t.Errorf("registering %q: %v", names, err)
		}
	}
	w.register("bob_b@example.org", "cytwomblY2")
	caller := w.signIn("bob_b@example.org", "", oldPassword)
	email := "Bob.b@Example.Org"
	if _, err := w.UpdateProfile.Do(t.Context(), app.UpdateProfileRequest{Caller: caller, Email: &email}); !isTaken(err) {
		t.Errorf("changing the email: %v", err)
	}
}

func isTaken(err error) bool { return errors.Is(err, domain.UserExists()) }
