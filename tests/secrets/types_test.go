package secrets_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/images"
	"github.com/latchkey-auth/latchkey/adapters/jwt"
	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/cmd/config"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/tests/world"
)

// marked is a part of every secret here. Bytes are looked for as well, as fmt writes them.
const marked = "Hunter2-hunts"

// shapes are how Go shows bytes, by one verb or another.
var shapes = []string{
	marked, fmt.Sprintf("%x", marked), fmt.Sprintf("%X", marked), fmt.Sprintf("% x", marked),
	strings.Trim(fmt.Sprint([]byte(marked)), "[]"), strings.TrimSuffix(strings.TrimPrefix(fmt.Sprintf("%#v", []byte(marked)), "[]byte{"), "}"),
	"SHVudGVyMi1odW50c",
}

var verbs = []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%t", "%o", "%T"}

// TestTypesHideTheirSecrets: somebody prints, logs or encodes a whole value, as one does while looking for a fault. Lost
// would be whatever secret is in it, to everybody who reads logs.
func TestTypesHideTheirSecrets(t *testing.T) {
	for what, value := range holders(t) {
		for _, verb := range verbs {
			hidden(t, what+" by "+verb, fmt.Sprintf(verb, value))
			hidden(t, what+" in a struct by "+verb, fmt.Sprintf(verb, struct{ Value any }{value}))
			hidden(t, what+" in a list by "+verb, fmt.Sprintf(verb, []any{value}))
		}
		encoded, err := json.Marshal(value)
		hidden(t, what+" as JSON", string(encoded)+fmt.Sprint(err))
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Error("fault", "value", value, slog.Group("in", "a", value))
		slog.New(slog.NewJSONHandler(&log, nil)).Error("fault", "value", value, slog.Group("in", "a", value))
		hidden(t, what+" in the log", log.String())
		hidden(t, what+" in an error", fmt.Errorf("fault: %v, %w", value, errors.New("cause")).Error())
	}
}

// TestTypesHideTheirSecretsFromReflection: of what is not exported, fmt asks no type how it wants to be shown.
// Seeds are shown then. They forge nothing without REFRESH_TOKEN_SECRET.
func TestTypesHideTheirSecretsFromReflection(t *testing.T) {
	for what, value := range holders(t) {
		switch value.(type) {
		case domain.Seed, domain.Session, *domain.Session, app.Caller:
			continue
		}
		for _, verb := range []string{"%v", "%+v", "%#v"} { // with others, fmt follows pointers
			hidden(t, what+" by "+verb, fmt.Sprintf(verb, struct{ value any }{value}))
		}
	}
}

// hidden does not show what it finds either.
func hidden(t *testing.T, where, text string) {
	t.Helper()
	for _, shape := range shapes {
		if at := strings.Index(text, shape); at >= 0 {
			t.Errorf("%s: a secret is to be seen after %q", where, text[max(0, at-60):at])
		}
	}
}

// holders are values that hold secrets, by themselves or somewhere within.
func holders(t *testing.T) map[string]any {
	t.Helper()
	text := marked + " and more than 32 bytes"
	secret := domain.NewSecret(text)
	vars := map[string]string{
		"DATA_DIR": t.TempDir(), "ACCESS_TOKEN_SECRET": text, "REFRESH_TOKEN_SECRET": text + "," + text + "!",
		"USER_STORE": "mongodb://root:Hunter2-hunts@db.example.org/latchkey", "TOKEN_STORE": "redis://:Hunter2-hunts@db.example.org",
		"IMAGE_STORE": "cloudinary://key:Hunter2-hunts@demo", "OAUTH_CLIENTS": "api:Hunter2-hunts-and-more-than-32-bytes",
	}
	cfg, err := config.Parse(vars)
	must(t, err)
	seed := domain.Seed{}
	copy(seed[:], marked)
	user, session := domain.User{PasswordHash: secret}, domain.Session{Seed: seed}
	token := domain.Token{Secret: secret, ExpiresAt: time.Now()}
	ring := jwt.HMACKeyring(secret)
	tokens := jwt.Config{AccessKeys: ring, RefreshSecrets: []domain.Secret{secret}}
	password, err := domain.PresentedPassword("password", text)
	must(t, err)
	return map[string]any{
		"a secret": secret, "a pointer to one": &secret, "a seed": seed, "a password": password, "a token": token,
		"a user": user, "a session": session, "a pointer to a session": &session, "a caller": app.Caller{User: user, Session: session},
		"tokens": app.Tokens{Access: token, Refresh: token}, "a sign-in": app.LoginResponse{User: user, Tokens: app.Tokens{Access: token, Refresh: token}},
		"the request of a sign-in": app.LoginRequest{Password: secret}, "that of a registration": app.RegisterRequest{Password: secret},
		"that of a refresh": app.RefreshRequest{Token: secret}, "that of a change": app.ChangePasswordRequest{Old: secret, New: secret},
		"a key": jwt.HMACKey(secret), "keys": ring, "the settings of tokens": tokens, "tokens by them": jwt.New(tokens), "a copy of those": *jwt.New(tokens),
		"the settings": cfg, "a pointer to the settings": &cfg, "the store of users": cfg.UserStore, "the store of images": cfg.ImageStore,
		"the account at Cloudinary": images.CloudinaryConfig{Secret: secret},
	}
}

// TestAWholeServiceHidesItsSecrets, with all that hangs on it.
func TestAWholeServiceHidesItsSecrets(t *testing.T) {
	text := marked + " and more than 32 bytes"
	w := world.Open(t, map[string]string{"ACCESS_TOKEN_SECRET": text, "REFRESH_TOKEN_SECRET": text})
	for _, verb := range verbs {
		hidden(t, "the service by "+verb, fmt.Sprintf(verb, w.Latchkey))
		hidden(t, "the use cases by "+verb, fmt.Sprintf(verb, *w.App))
	}
}
