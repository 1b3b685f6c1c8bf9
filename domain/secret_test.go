package domain_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
)

const plain = "Tr0ub4dor&3"

// seed is of bytes that are letters, so that no encoding of them is overlooked.
var seed = domain.Seed([]byte(strings.Repeat(plain, 3))[:32])

// careless has fields that fmt prints by reflection: it cannot call the methods of what is in them.
type careless struct {
	secret   domain.Secret
	password domain.Password
	token    *domain.Token
	several  []domain.Secret
	byName   map[string]domain.Secret
}

// secretive is every type that holds a secret, and what somebody may wrap around it.
func secretive(t *testing.T) map[string]any {
	t.Helper()
	secret := domain.NewSecret(plain)
	password, err := domain.PresentedPassword("password", plain)
	if err != nil {
		t.Fatal(err)
	}
	token := domain.Token{Secret: secret, ExpiresAt: time.Unix(1, 0)}
	user := domain.User{ID: "u1", PasswordHash: secret}
	session := domain.Session{ID: "s1", Seed: seed}
	return map[string]any{
		"Secret": secret, "*Secret": &secret, "Password": password, "Token": token, "*Token": &token,
		"Seed": seed, "*Seed": &seed, "User": user, "*User": &user, "Session": session, "*Session": &session,
		"slice": []any{secret, seed, user, session},
		"map":   map[string]any{"secret": secret, "seed": seed, "user": user, "session": session},
		"struct": struct {
			Inner struct{ Session *domain.Session }
		}{struct{ Session *domain.Session }{&session}},
		"careless": careless{secret, password, &token, []domain.Secret{secret}, map[string]domain.Secret{"a": secret}},
	}
}

// shows reports whether the output gives the secret away: as text, or byte by byte as the format prints bytes.
func shows(output, format string) bool {
	start := [4]byte([]byte(plain))
	bytewise := strings.Trim(fmt.Sprintf(format, start), "[] ")
	inCode, inBase64 := "0x54, 0x72, 0x30, 0x75", base64.StdEncoding.EncodeToString(start[:3])
	return slices.ContainsFunc([]string{string(start[:]), bytewise, inCode, inBase64}, func(form string) bool {
		return strings.Contains(strings.ToLower(output), strings.ToLower(form))
	})
}

// The search itself finds what does not hide.
func TestWhatDoesNotHideIsFound(t *testing.T) {
	for _, value := range []any{plain, []byte(plain), [32]byte(seed), struct{ value string }{plain}} {
		for _, format := range formats() {
			if out := fmt.Sprintf(format, value); !shows(out, format) {
				t.Errorf("%T printed by %q is overlooked: %s", value, format, out)
			}
		}
	}
}

// formats is every verb of fmt that prints a value, with every flag.
func formats() (all []string) {
	for _, verb := range "vtbcdoOqxXUeEfFgGs" {
		for _, flag := range []string{"", "+", "#", " ", "0", "-20"} {
			all = append(all, "%"+flag+string(verb))
		}
	}
	return all
}

func TestSecretsHideFromEveryVerb(t *testing.T) {
	for name, value := range secretive(t) {
		for _, format := range formats() {
			if out := fmt.Sprintf(format, value); shows(out, format) {
				t.Errorf("%s printed by %q: %s", name, format, out)
			}
		}
		if out := fmt.Sprint(value) + fmt.Sprintln(value); shows(out, "%v") {
			t.Errorf("%s printed: %s", name, out)
		}
	}
}

// %p asks no method, and prints what is no pointer as it is. Vet sees that only where it can read the format.
func TestSecretsHideFromTheVerbOfPointers(t *testing.T) {
	values := secretive(t)
	for _, name := range []string{"Secret", "Password", "Token", "User", "careless"} {
		if out := fmt.Sprintf("%"+"p", values[name]); shows(out, "%v") {
			t.Errorf("%s printed: %s", name, out)
		}
	}
}

func TestSecretsHideFromLogs(t *testing.T) {
	var out bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		for name, value := range secretive(t) {
			out.Reset()
			slog.New(handler).With("with", value).Info("message", "value", value, slog.Group("group", "value", value))
			if shows(out.String(), "%d") {
				t.Errorf("%s logged by %T: %s", name, handler, &out)
			}
		}
	}
}

func TestSecretsHideFromEncodings(t *testing.T) {
	for name, value := range secretive(t) {
		for _, encode := range []func(any) ([]byte, error){json.Marshal, xml.Marshal} {
			if out, err := encode(value); shows(string(out), "%v") || err != nil && shows(err.Error(), "%v") {
				t.Errorf("%s encoded: %s, %v", name, out, err)
			}
		}
	}
}

func TestSecretsSayThatTheyHide(t *testing.T) {
	for _, value := range []any{domain.NewSecret(plain), domain.Secret{}, seed} {
		encoded, err := json.Marshal(value)
		if fmt.Sprint(value) != "[hidden]" || string(encoded) != `"[hidden]"` || err != nil {
			t.Errorf("%T shows as %v and %s, %v", value, value, encoded, err)
		}
	}
	if out := fmt.Sprintf("%+v", domain.User{ID: "u1", PasswordHash: domain.NewSecret(plain)}); !strings.Contains(out, "u1") {
		t.Errorf("a user hides altogether: %s", out)
	}
}

func TestSecretsAreValues(t *testing.T) {
	if reflect.TypeFor[domain.Secret]().Comparable() {
		t.Error("secrets can be compared by ==, which is not true of two copies of one text")
	}
	a, b := domain.NewSecret(plain), domain.NewSecret(strings.Clone(plain))
	if !a.Equal(b) || a.Equal(domain.NewSecret("other")) || a.Equal(domain.NewSecret(plain+"x")) || a.Equal(domain.Secret{}) || a.Reveal() != plain {
		t.Error("secrets are not compared by what they hold")
	}
	if !(domain.Secret{}).IsZero() || !domain.NewSecret("").Equal(domain.Secret{}) || !domain.NewSecret("").IsZero() || a.IsZero() {
		t.Error("exactly the empty secret is zero")
	}
	if (domain.Secret{}).Reveal() != "" {
		t.Error("the zero secret holds something")
	}
}
