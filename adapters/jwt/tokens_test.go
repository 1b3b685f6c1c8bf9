package jwt_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/jwt"
	"github.com/latchkey-auth/latchkey/domain"
)

var (
	now  = time.Date(2030, 1, 2, 3, 4, 5, int(678*time.Millisecond), time.UTC)
	user = domain.User{
		ID:       "0123456789abcdef01234567",
		Email:    domain.RestoreEmail("ada@example.org"),
		Username: domain.RestoreUsername("ada"),
		Fullname: "Ada Lovelace",
	}
	session = domain.Session{
		ID: "sid", UserID: user.ID, Generation: 7, Seed: domain.Seed{1}, RotatedAt: now, ExpiresAt: now.Add(time.Hour),
	}
	secret = domain.NewSecret("a secret of at least 32 bytes, for tests only")
)

func newTokens(t *testing.T) *jwt.Tokens {
	t.Helper()
	keys, _, err := jwt.OpenKeyring(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return jwt.New(config(keys))
}

func config(keys *jwt.Keyring) jwt.Config {
	return jwt.Config{Issuer: "https://auth.example.org", Audience: "api", AccessTTL: 15 * time.Minute, AccessKeys: keys, RefreshSecrets: []domain.Secret{secret}}
}

// part decodes one part of a token.
func part(t *testing.T, token domain.Token, i int) map[string]any {
	t.Helper()
	data, err := base64.RawURLEncoding.DecodeString(strings.Split(token.Reveal(), ".")[i])
	if err != nil {
		t.Fatal(err)
	}
	var decoded map[string]any
	if err := json.Unmarshal(data, &decoded); err != nil {
		t.Fatal(err)
	}
	return decoded
}

func TestAccessTokenHoldsTheClaimsOfTheContract(t *testing.T) {
	token, err := newTokens(t).IssueAccess(user, session, now)
	if err != nil {
		t.Fatal(err)
	}
	header, claims := part(t, token, 0), part(t, token, 1)
	if header["alg"] != "EdDSA" || header["typ"] != "at+jwt" || header["kid"] == "" || len(header) != 3 {
		t.Errorf("the header is %v", header)
	}
	for name, want := range map[string]any{
		"iss": "https://auth.example.org", "sub": string(user.ID), "_id": string(user.ID), "sid": "sid", "aud": "api",
		"email": "ada@example.org", "username": "ada", "fullname": "Ada Lovelace",
		"iat": float64(now.Unix()), "exp": float64(now.Add(15 * time.Minute).Unix()),
	} {
		if claims[name] != want {
			t.Errorf("%s is %v, want %v", name, claims[name], want)
		}
	}
	if jti, _ := claims["jti"].(string); len(jti) < 22 {
		t.Errorf("jti %q has fewer than 128 bits", jti)
	}
}

func TestAccessTokenNeverOutlivesItsSession(t *testing.T) {
	ending := session
	ending.ExpiresAt = now.Add(time.Minute)
	token, err := newTokens(t).IssueAccess(user, ending, now)
	if err != nil || token.ExpiresAt.After(ending.ExpiresAt) {
		t.Errorf("expires %v, the session %v (%v)", token.ExpiresAt, ending.ExpiresAt, err)
	}
}

func TestRefreshTokenIsAFunctionOfItsSession(t *testing.T) {
	tokens := newTokens(t)
	first, err := tokens.IssueRefresh(session)
	if err != nil {
		t.Fatal(err)
	}
	again, err := tokens.IssueRefresh(session)
	if err != nil || first.Reveal() != again.Reveal() {
		t.Errorf("a second issue gave other bytes (%v)", err)
	}
	claims, err := tokens.VerifyRefresh(first.Secret, now)
	if err != nil || !session.Made(claims) || claims.Generation != 7 {
		t.Errorf("claims %+v, %v", claims, err)
	}
	if header := part(t, first, 0); header["typ"] != "rt+jwt" || header["alg"] != "HS256" {
		t.Errorf("the header is %v", header)
	}
}

func TestTokensExpireOnTheSecondThatTheySay(t *testing.T) {
	tokens := newTokens(t)
	access, _ := tokens.IssueAccess(user, session, now)
	refresh, _ := tokens.IssueRefresh(session)
	for name, verify := range map[string]func(at time.Time) error{
		"access":  func(at time.Time) error { _, err := tokens.VerifyAccess(access.Secret, at); return err },
		"refresh": func(at time.Time) error { _, err := tokens.VerifyRefresh(refresh.Secret, at); return err },
	} {
		expires := access.ExpiresAt
		if name == "refresh" {
			expires = refresh.ExpiresAt
		}
		if err := verify(expires.Add(-time.Millisecond)); err != nil {
			t.Errorf("%s: a millisecond before: %v", name, err)
		}
		if err := verify(expires); !errors.Is(err, domain.ErrTokenExpired) {
			t.Errorf("%s: at its time: %v, want token_expired", name, err)
		}
	}
}

func TestHS256WhenThereIsASecret(t *testing.T) {
	tokens := jwt.New(config(jwt.HMACKeyring(domain.NewSecret("another secret of at least 32 bytes"))))
	token, err := tokens.IssueAccess(user, session, now)
	if err != nil {
		t.Fatal(err)
	}
	if header := part(t, token, 0); header["alg"] != "HS256" {
		t.Errorf("the header is %v", header)
	}
	if _, err := tokens.VerifyAccess(token.Secret, now); err != nil {
		t.Error(err)
	}
}
