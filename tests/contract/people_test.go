package contract_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"maps"
	"net/http"
	"sync/atomic"
	"testing"
	"time"
)

// user, tokens and session have exactly the members that clients see; decode demands no others, and routes count them.
type user struct {
	ID         string    `json:"_id"`
	Username   string    `json:"username"`
	Fullname   string    `json:"fullname"`
	Email      string    `json:"email"`
	Avatar     string    `json:"avatar"`
	CoverImage string    `json:"coverImage"`
	CreatedAt  time.Time `json:"createdAt"`
	UpdatedAt  time.Time `json:"updatedAt"`
}

type tokens struct {
	AccessToken           string    `json:"accessToken"`
	RefreshToken          string    `json:"refreshToken"`
	AccessTokenExpiresAt  time.Time `json:"accessTokenExpiresAt"`
	RefreshTokenExpiresAt time.Time `json:"refreshTokenExpiresAt"`
}

type signedIn struct {
	User user `json:"user"`
	tokens
}

type session struct {
	ID         string     `json:"id"`
	Current    bool       `json:"current"`
	CreatedAt  time.Time  `json:"createdAt"`
	LastUsedAt time.Time  `json:"lastUsedAt"`
	ExpiresAt  time.Time  `json:"expiresAt"`
	UserAgent  string     `json:"userAgent"`
	IP         string     `json:"ip"`
	EndedAt    *time.Time `json:"endedAt"`
	EndReason  *string    `json:"endReason"`
}

const passphrase = "correct horse battery"

var people atomic.Int64

// newcomer is what somebody registers with who never did before.
func newcomer() fields {
	name := fmt.Sprintf("person%d", people.Add(1))
	return fields{"email": name + "@example.org", "username": name, "fullname": "Person", "password": passphrase}
}

// but is the fields with one changed.
func (f fields) but(name, value string) fields {
	f = maps.Clone(f)
	f[name] = value
	return f
}

// register registers a newcomer.
func (s service) register(t *testing.T) fields {
	t.Helper()
	person := newcomer()
	s.send(t, "POST", "/register", asJSON(person)).expect(t, http.StatusCreated, "")
	return person
}

// signIn signs a person in.
func (s service) signIn(t *testing.T, person fields, with ...option) signedIn {
	t.Helper()
	a := s.send(t, "POST", "/login", append(with, asJSON(fields{"email": person["email"], "password": passphrase}))...)
	return decode[signedIn](t, a.expect(t, http.StatusOK, "").Data)
}

// caller is somebody new who has signed in.
func (s service) caller(t *testing.T) signedIn {
	t.Helper()
	return s.signIn(t, s.register(t))
}

// sessions are those of a caller.
func (s service) sessions(t *testing.T, of signedIn) []session {
	t.Helper()
	return decode[[]session](t, s.send(t, "GET", "/sessions", bearer(of.AccessToken)).expect(t, http.StatusOK, "").Data)
}

// alive checks that a caller's session serves.
func (s service) alive(t *testing.T, caller signedIn) {
	t.Helper()
	s.send(t, "GET", "/me", bearer(caller.AccessToken)).expect(t, http.StatusOK, "")
}

// picture is a small PNG.
func picture() []byte {
	var out bytes.Buffer
	_ = png.Encode(&out, image.NewGray(image.Rect(0, 0, 8, 8))) // into memory: cannot fail
	return out.Bytes()
}
