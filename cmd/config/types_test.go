package config_test

import (
	"slices"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/cmd/config"
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
		"MAX_SESSIONS_PER_USER":      "", // as if it were not set
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
	if cfg.PasswordPolicy(72).Host != "auth.example.org" {
		t.Errorf("the service is known as %q", cfg.PasswordPolicy(72).Host)
	}
	if cfg.PublicURL.String() != "https://auth.example.org" || cfg.AccessTokenAudience != "https://auth.example.org" {
		t.Errorf("PUBLIC_URL is %s, the audience %s", cfg.PublicURL, cfg.AccessTokenAudience)
	}
}
