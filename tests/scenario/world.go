package scenario

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

// The lives of tokens that the behaviours are stated for: the defaults of the settings.
const (
	accessTTL  = 15 * time.Minute
	refreshTTL = 15 * 24 * time.Hour
	maxAge     = 90 * 24 * time.Hour
	grace      = 30 * time.Second
)

// World is what a behaviour plays in: a service, its clock, and people of its own.
type World struct {
	Service
	Clock *Clock
	// ImagesLeft counts the images that are kept; nil where the service is out of reach.
	ImagesLeft func() int
}

// Behaviour is something that is true of Latchkey.
type Behaviour struct {
	Name string
	// Settings are those that differ from the defaults.
	Settings map[string]string
	Check    func(t *testing.T, w World)
}

// Behaviours is all of them.
func Behaviours() []Behaviour {
	return slices.Concat(registering, signingIn, refreshing, signingOut, passwords, sessions, profiles)
}

// Run checks every behaviour, each in a new world with its settings.
func Run(t *testing.T, open func(t *testing.T, settings map[string]string) World) {
	for _, b := range Behaviours() {
		t.Run(b.Name, func(t *testing.T) { b.Check(t, open(t, b.Settings)) })
	}
}

const password = "correct horse battery"

var people atomic.Int64

// newPerson is somebody whom no store has seen.
func newPerson() Registration {
	n := people.Add(1)
	return Registration{
		Username: fmt.Sprintf("person%d-%d", n, time.Now().UnixNano()),
		Fullname: fmt.Sprintf("Person No. %d", n),
		Email:    fmt.Sprintf("person%d-%d@example.org", n, time.Now().UnixNano()),
		Password: password,
	}
}

// register registers a new person.
func (w World) register(t *testing.T) Registration {
	t.Helper()
	person := newPerson()
	_, err := w.Register(t.Context(), person)
	must(t, err)
	return person
}

// signIn signs a person in by email.
func (w World) signIn(t *testing.T, person Registration) SignedIn {
	t.Helper()
	in, err := w.Login(t.Context(), Credentials{Email: person.Email, Password: person.Password})
	must(t, err)
	return in
}

// newcomer is a person who has just registered and signed in.
func (w World) newcomer(t *testing.T) (Registration, SignedIn) {
	t.Helper()
	person := w.register(t)
	return person, w.signIn(t, person)
}

// refresh is a refresh that must succeed.
func (w World) refresh(t *testing.T, token string) Tokens {
	t.Helper()
	tokens, err := w.Refresh(t.Context(), token)
	must(t, err)
	return tokens
}

// over checks that neither token of a session is good for anything.
func (w World) over(t *testing.T, tokens Tokens) {
	t.Helper()
	_, err := w.Me(t.Context(), tokens.AccessToken)
	refused(t, err, "session_ended")
	_, err = w.Refresh(t.Context(), tokens.RefreshToken)
	refused(t, err, "session_ended")
}

// alive checks that the access token is good.
func (w World) alive(t *testing.T, tokens Tokens) {
	t.Helper()
	_, err := w.Me(t.Context(), tokens.AccessToken)
	must(t, err)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refused checks the code of a refusal, and the fields that it blames.
func refused(t *testing.T, err error, code string, fields ...string) {
	t.Helper()
	failure, ok := errors.AsType[*Failure](err)
	if !ok {
		t.Fatalf("got %v, want %s", err, code)
	}
	slices.Sort(failure.Fields)
	slices.Sort(fields)
	if failure.Code != code || !slices.Equal(failure.Fields, fields) {
		t.Fatalf("got %v, want %s %v", failure, code, fields)
	}
}

// picture is a small PNG of one colour.
func picture(shade uint8) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 8, 8))
	for i := range 64 {
		img.Set(i%8, i/8, color.RGBA{shade, 0, 0, 255})
	}
	var out bytes.Buffer
	_ = png.Encode(&out, img) // into memory: cannot fail
	return out.Bytes()
}
