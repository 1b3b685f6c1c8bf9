package contract_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

const (
	accessSecret  = "an access secret of more than 32 bytes"
	refreshSecret = "a refresh secret of more than 32 bytes"
	issuer        = "https://auth.example.org"
)

type accessClaims struct {
	Issuer    string `json:"iss"`
	Audience  string `json:"aud"`
	Subject   string `json:"sub"`
	SessionID string `json:"sid"`
	ID        string `json:"jti"`
	IssuedAt  int64  `json:"iat"`
	ExpiresAt int64  `json:"exp"`
	UserID    string `json:"_id"`
	Email     string `json:"email"`
	Username  string `json:"username"`
	Fullname  string `json:"fullname"`
}

type refreshClaims struct {
	Issuer     string `json:"iss"`
	Subject    string `json:"sub"`
	SessionID  string `json:"sid"`
	Generation int64  `json:"gen"`
	ID         string `json:"jti"`
	IssuedAt   int64  `json:"iat"`
	ExpiresAt  int64  `json:"exp"`
}

// verify checks a token as other services do, by a library of theirs, and answers its header and its claims.
func verify[T any](t *testing.T, token string, algorithm jose.SignatureAlgorithm, key any) (jose.Header, T) {
	t.Helper()
	signed, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{algorithm})
	must(t, err)
	parsed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{algorithm})
	must(t, err)
	payload, err := parsed.Verify(key)
	must(t, err)
	return signed.Headers[0], decode[T](t, payload)
}

// jwks is the published keys.
func (s service) jwks(t *testing.T) (set jose.JSONWebKeySet) {
	t.Helper()
	a := s.fetch(t, "GET", "/.well-known/jwks.json")
	if a.status != http.StatusOK || a.header.Get("Content-Type") != "application/jwk-set+json" || !strings.HasPrefix(a.header.Get("Cache-Control"), "public, max-age=") {
		t.Fatalf("%d %v %s", a.status, a.header, a.raw)
	}
	if got := members(t, a.raw); !slices.Equal(got, []string{"keys"}) {
		t.Errorf("the key set has %v", got)
	}
	type published struct {
		Keys []struct{ Alg, Crv, Kid, Kty, Use, X string }
	}
	for _, key := range decode[published](t, a.raw).Keys { // strictly: no private part is among them
		if key.Kty != "OKP" || key.Crv != "Ed25519" || key.Alg != "EdDSA" || key.Use != "sig" || key.Kid == "" {
			t.Errorf("the key is %+v", key)
		}
	}
	return decode[jose.JSONWebKeySet](t, a.raw)
}

// checkAccess checks the claims of an access token that was just issued.
func checkAccess(t *testing.T, s service, in signedIn, got accessClaims, audience string) {
	t.Helper()
	now := s.Clock.Now()
	want := accessClaims{
		Issuer: issuer, Audience: audience, Subject: in.User.ID, SessionID: s.sessions(t, in)[0].ID, ID: got.ID,
		IssuedAt: now.Unix(), ExpiresAt: now.Add(15 * time.Minute).Unix(),
		UserID: in.User.ID, Email: in.User.Email, Username: in.User.Username, Fullname: in.User.Fullname,
	}
	if got != want || got.ID == "" {
		t.Errorf("the claims are %+v, want %+v", got, want)
	}
}

func TestAccessTokensAreVerifiedByThePublishedKeys(t *testing.T) {
	s := open(t, map[string]string{"PUBLIC_URL": issuer})
	in, keys := s.caller(t), s.jwks(t)
	header, claims := verify[accessClaims](t, in.AccessToken, jose.EdDSA, keys)
	if header.ExtraHeaders["typ"] != "at+jwt" || header.KeyID != keys.Keys[0].KeyID || header.Algorithm != "EdDSA" {
		t.Errorf("the header is %+v", header)
	}
	checkAccess(t, s, in, claims, issuer)
	next := decode[tokens](t, s.refresh(t, in.RefreshToken).Data)
	if _, again := verify[accessClaims](t, next.AccessToken, jose.EdDSA, keys); again.ID == claims.ID || again.SessionID != claims.SessionID {
		t.Errorf("after %+v came %+v", claims, again)
	}
}

// TestAccessTokensBySecret: with HS256, nothing is published.
func TestAccessTokensBySecret(t *testing.T) {
	s := open(t, map[string]string{"PUBLIC_URL": issuer, "ACCESS_TOKEN_SECRET": accessSecret, "ACCESS_TOKEN_AUDIENCE": "my api"})
	if keys := s.jwks(t); keys.Keys == nil || len(keys.Keys) > 0 {
		t.Errorf("published are %v", keys)
	}
	in := s.caller(t)
	header, claims := verify[accessClaims](t, in.AccessToken, jose.HS256, []byte(accessSecret))
	if header.ExtraHeaders["typ"] != "at+jwt" || header.KeyID == "" {
		t.Errorf("the header is %+v", header)
	}
	checkAccess(t, s, in, claims, "my api")
}

func TestRefreshTokensSayWhichTheyAre(t *testing.T) {
	s := open(t, map[string]string{"PUBLIC_URL": issuer, "REFRESH_TOKEN_SECRET": refreshSecret})
	in := s.caller(t)
	token, seen := in.RefreshToken, map[string]bool{}
	for generation := range int64(3) {
		header, got := verify[refreshClaims](t, token, jose.HS256, []byte(refreshSecret))
		now := s.Clock.Now()
		want := refreshClaims{
			Issuer: issuer, Subject: in.User.ID, SessionID: s.sessions(t, in)[0].ID, Generation: generation + 1, ID: got.ID,
			IssuedAt: now.Unix(), ExpiresAt: now.Add(15 * 24 * time.Hour).Unix(),
		}
		if got != want || seen[got.ID] || header.ExtraHeaders["typ"] != "rt+jwt" || header.KeyID == "" {
			t.Errorf("the header is %+v, the claims are %+v, want %+v", header, got, want)
		}
		seen[got.ID] = true
		s.Clock.Advance(time.Minute)
		token = decode[tokens](t, s.refresh(t, token).Data).RefreshToken
	}
}
