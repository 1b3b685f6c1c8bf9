package config_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/cmd/config"
)

const (
	newestSecret = "0123456789-the-newest-secret.of~32"
	olderSecret  = "0123456789-the-older-secret_of-32"
)

// TestSettingsThatAreTaken checks what good texts come to mean. The refusals are in tests/program.
func TestSettingsThatAreTaken(t *testing.T) {
	cfg, err := config.Parse(map[string]string{
		"CLIENT_URL":                 "https://App.Example.org:443/, http://localhost:5173,http://shop.example.org:80",
		"ACCESS_TOKEN_EXPIRY":        "1s",
		"REFRESH_TOKEN_EXPIRY":       "30d",
		"REFRESH_TOKEN_SECRET":       "the newest secret of thirty-two bytes, the older secret of thirty-two bytes",
		"LOGIN_FAILURES_PER_ACCOUNT": "5/1d",
		"TRUSTED_PROXIES":            "10.0.0.1, 192.168.0.0/16, ::1",
		"MONGODB_URI":                "mongodb://root:secret@db.example.org/people",
		"TOKEN_STORE":                "redis://localhost",
		"PUBLIC_URL":                 "https://auth.example.org/",
		"PASSWORD_BREACH_URL":        "http://[::1]:8080/range/",
		"OAUTH_CLIENTS":              "gateway:" + newestSecret + ", gateway:" + olderSecret + ",",
		"MAX_SESSIONS_PER_USER":      "", // as if it were not set

		"OTEL_EXPORTER_OTLP_ENDPOINT": "https://collector.example.org/otlp/",
		"OTEL_EXPORTER_OTLP_HEADERS":  "authorization = Basic%20YTpi==, X-Scope=a%2Cb",
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"https://app.example.org", "http://localhost:5173", "http://shop.example.org"}; !slices.Equal(cfg.ClientURL, want) {
		t.Errorf("CLIENT_URL is %q, want %q: as browsers write origins", cfg.ClientURL, want)
	}
	if time.Duration(cfg.AccessTokenExpiry) != time.Second || time.Duration(cfg.RefreshTokenExpiry) != 30*24*time.Hour {
		t.Errorf("the tokens live %v and %v", time.Duration(cfg.AccessTokenExpiry), time.Duration(cfg.RefreshTokenExpiry))
	}
	if n := len(cfg.RefreshTokenSecret); n != 2 || cfg.RefreshTokenSecret[0].Reveal() != "the newest secret of thirty-two bytes" {
		t.Errorf("%d refresh secrets", n)
	}
	if c := cfg.OAuthClients; len(c) != 2 || c[0].ID != "gateway" || c[0].Secret.Reveal() != newestSecret || c[1].Secret.Reveal() != olderSecret {
		t.Errorf("%d clients: %v", len(c), c)
	}
	if cfg.LoginFailuresPerAccount != (config.Limit{Count: 5, Per: 24 * time.Hour}) {
		t.Errorf("the limit is %+v", cfg.LoginFailuresPerAccount)
	}
	if len(cfg.TrustedProxies) != 3 || cfg.TrustedProxies[0].String() != "10.0.0.1/32" {
		t.Errorf("the proxies are %v", cfg.TrustedProxies)
	}
	if got := cfg.UserStore.String(); got != "mongodb://root:[hidden]@db.example.org/people" {
		t.Errorf("users are in %s", got)
	}
	if cfg.TokenStore.Reveal() != "redis://localhost" {
		t.Errorf("sessions are in %s", cfg.TokenStore)
	}
	if got := cfg.PasswordBreachURL.JoinPath("5BAA6").String(); got != "http://[::1]:8080/range/5BAA6" {
		t.Errorf("passwords are looked up at %s", got)
	}
	if got := cfg.OTLPEndpoint.String(); got != "https://collector.example.org/otlp" {
		t.Errorf("traces go to %s", got)
	}
	if h := cfg.OTLPHeaders.HTTP(); h.Get("Authorization") != "Basic YTpi==" || h.Get("X-Scope") != "a,b" {
		t.Errorf("with %v", h)
	}
	if cfg.PasswordPolicy(72).Host != "auth.example.org" {
		t.Errorf("the service is known as %q", cfg.PasswordPolicy(72).Host)
	}
	if cfg.PublicURL.String() != "https://auth.example.org" || cfg.AccessTokenAudience != "https://auth.example.org" {
		t.Errorf("PUBLIC_URL is %s, the audience %s", cfg.PublicURL, cfg.AccessTokenAudience)
	}
}

// TestSettingsThatAreSecretAreNotShown: wherever the settings are listed, clients are not told apart from their secrets, nor
// headers from their values.
func TestSettingsThatAreSecretAreNotShown(t *testing.T) {
	vars := map[string]string{"OAUTH_CLIENTS": "gateway:" + newestSecret, "OTEL_EXPORTER_OTLP_HEADERS": "Authorization=Bearer%20" + newestSecret}
	cfg, err := config.Parse(vars)
	if err != nil {
		t.Fatal(err)
	}
	for _, setting := range config.Settings() {
		if strings.Contains(setting.Value(cfg, vars), newestSecret) {
			t.Errorf("%s shows a secret", setting.Name)
		}
	}
	if shown := fmt.Sprintf("%v %+v %#v", cfg, cfg, cfg); strings.Contains(shown, newestSecret) {
		t.Error("printing the settings shows a secret")
	}
}

// TestPasswordsWithoutAHostAreNotShown: whoever forgets the host, and the "@" before it, finds the password nowhere.
func TestPasswordsWithoutAHostAreNotShown(t *testing.T) {
	const password = "hunter2"
	for _, url := range []string{
		"redis://:" + password, "redis://root:" + password, "redis://root:" + password + "/0", "redis+cluster://a:6379,b:" + password,
		"mongodb://root:" + password, "mongodb://root:" + password + "?tls=true", "mongodb://root:" + password + "#1", "mongodb://root:123456",
		" cloudinary://key:" + password, "CLOUDINARY://key:" + password,
	} {
		for _, name := range []string{"USER_STORE", "TOKEN_STORE", "MONGODB_URI", "IMAGE_STORE"} {
			if _, err := config.Parse(map[string]string{name: url}); err == nil || !strings.Contains(err.Error(), "a value of ") {
				t.Errorf("%s=%q: %v", name, url, err)
			}
		}
	}
}

// TestQueriesAreNotShown: what follows the address of a collector, or of whoever else is wrong, may be a key.
func TestQueriesAreNotShown(t *testing.T) {
	const key = "hunter2"
	for url, want := range map[string]string{
		"https://collector.example.org/?api_key=" + key: `"https://collector.example.org/?…"`,
		"https://collector.example.org#" + key:          `"https://collector.example.org#…"`,
		" https://collector.example.org?" + key:         `" https://collector.example.org?…"`,
		"collector.example.org/x?" + key:                `"collector.example.org/x?…"`,
		"collector.example.org":                         `"collector.example.org"`,
	} {
		for _, name := range []string{"OTEL_EXPORTER_OTLP_ENDPOINT", "PUBLIC_URL", "CLIENT_URL", "PASSWORD_BREACH_URL"} {
			_, err := config.Parse(map[string]string{name: url})
			if err == nil || !strings.HasPrefix(err.Error(), name+": got "+want+"; takes ") {
				t.Errorf("%s=%q: %v", name, url, err)
			}
		}
	}
}

func TestHostsAreShown(t *testing.T) {
	for _, url := range []string{
		"redis://localhost", "redis://:6379", "redis://[::1]:6379/0?db=1", "redis+cluster://a:6379,[fe80::1]:6380,c",
		"mongodb://a:27017,b:27018/people?replicaSet=rs", "mongodb://%2Ftmp%2Fmongodb-27017.sock",
	} {
		vars := map[string]string{"USER_STORE": url}
		cfg, err := config.Parse(vars)
		if err != nil || cfg.UserStore.Reveal() != url || cfg.UserStore.String() != url {
			t.Errorf("%s: %v, shown as %s", url, err, cfg.UserStore)
		}
	}
}

// TestPlaces: where an engine is can be told to anybody, however odd its URL.
func TestPlaces(t *testing.T) {
	for url, want := range map[string]string{
		"redis://localhost": "Redis at localhost",
		"rediss+cluster://ann:hunter2@a:6379,[::1]:6380/?pool_size=1": "Redis at a:6379,[::1]:6380",
		"redis://ann:hun@ter2@db:6379/1":                              "Redis at db:6379",
		"redis://ann:hun/ter2@db:6379/1":                              "Redis at db:6379",
		"redis+sentinel://db:26379?master_name=m&password=hunter2":    "Redis at db:26379",
		"mongodb://ann:hunter2@a:27017,b/people?replicaSet=rs":        "MongoDB at a:27017,b",
		"mongodb+srv://ann@db.example.org":                            "MongoDB at db.example.org",
	} {
		var store config.StoreURL
		if err := store.UnmarshalText([]byte(url)); err != nil {
			t.Fatal(err)
		}
		if got := store.Place(); got != want {
			t.Errorf("%s is %q, want %q", url, got, want)
		}
	}
}
