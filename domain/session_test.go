package domain_test

import (
	"encoding/base64"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
)

var reasons = []domain.EndReason{
	domain.EndSignedOut, domain.EndRevoked, domain.EndReused, domain.EndPasswordChanged, domain.EndTooMany,
}

func TestNewSession(t *testing.T) {
	user := domain.User{ID: "u1", CredentialsVersion: 3}
	client := domain.Client{IP: "192.0.2.1", UserAgent: "agent", RequestID: "r1"}
	s := domain.NewSession(user, client, start, policy)
	want := domain.Session{
		ID: s.ID, UserID: "u1", Generation: 1, Seed: s.Seed, CreatedAt: start, RotatedAt: start,
		ExpiresAt: start.Add(policy.RefreshTTL), UserAgent: "agent", IP: "192.0.2.1", CredentialsVersion: 3,
	}
	if s != want {
		t.Errorf("a new session is %+v; want %+v", s, want)
	}
	if id, err := base64.RawURLEncoding.DecodeString(string(s.ID)); err != nil || len(id) != 16 {
		t.Errorf("the id %q is not of 128 bits", s.ID)
	}
	other := domain.NewSession(user, client, start, policy)
	if other.ID == s.ID || other.Seed == s.Seed || s.Seed == (domain.Seed{}) {
		t.Error("two sessions share what is random")
	}
}

// The identifiers of tokens must never change: those that clients hold would be refused.
func TestTokenIDStays(t *testing.T) {
	s := domain.Session{ID: "s1", UserID: "u1", Seed: seed}
	for generation, want := range map[int64]string{
		1:       "rNkiu7chGJPqK2Bm2q_BCHyoVmKK0UmGfPVEGxYRTyY",
		1 << 62: "A5POuIDmVyMJFLl2_7c5rOEffu4KYwF9QRXXUUvuS5I",
	} {
		if got := s.TokenID(generation); got != want {
			t.Errorf("the token of generation %d is %s; want %s", generation, got, want)
		}
	}
}

func TestTokenIDIsOfSeedAndGenerationAlone(t *testing.T) {
	s := domain.Session{ID: "s1", UserID: "u1", Seed: seed}
	moved := s
	moved.RotatedAt, moved.Generation, moved.Version = start, 9, 9
	if s.TokenID(2) != moved.TokenID(2) {
		t.Error("the same token has another id later")
	}
	other := s
	other.Seed[31] ^= 1
	if s.TokenID(1) == s.TokenID(2) || s.TokenID(1) == other.TokenID(1) {
		t.Error("different tokens share an id")
	}
}

func TestASessionKnowsItsOwnTokens(t *testing.T) {
	s := domain.Session{ID: "s1", UserID: "u1", Generation: 7, Seed: seed}
	claims := domain.RefreshClaims{UserID: "u1", SessionID: "s1", Generation: 7, TokenID: s.TokenID(7)}
	other := s
	other.Seed[0] ^= 1
	for name, c := range map[string]struct {
		change func(*domain.RefreshClaims)
		want   bool
	}{
		"its newest":              {func(*domain.RefreshClaims) {}, true},
		"a retired one":           {func(c *domain.RefreshClaims) { c.Generation, c.TokenID = 3, s.TokenID(3) }, true},
		"one the store lost":      {func(c *domain.RefreshClaims) { c.Generation, c.TokenID = 9, s.TokenID(9) }, true},
		"of another user":         {func(c *domain.RefreshClaims) { c.UserID = "u2" }, false},
		"of another session":      {func(c *domain.RefreshClaims) { c.SessionID = "s2" }, false},
		"of another generation":   {func(c *domain.RefreshClaims) { c.Generation = 8 }, false},
		"made with another seed":  {func(c *domain.RefreshClaims) { c.TokenID = other.TokenID(7) }, false},
		"without an id":           {func(c *domain.RefreshClaims) { c.TokenID = "" }, false},
		"with the start of an id": {func(c *domain.RefreshClaims) { c.TokenID = c.TokenID[:42] }, false},
		"of nobody":               {func(c *domain.RefreshClaims) { *c = domain.RefreshClaims{} }, false},
	} {
		presented := claims
		c.change(&presented)
		if got := s.Made(presented); got != c.want {
			t.Errorf("a token %s: %t; want %t", name, got, c.want)
		}
	}
}

func TestTheFirstEndCounts(t *testing.T) {
	s := rotated()
	ended := s.End(domain.EndSignedOut, start.Add(time.Hour))
	if s.Ended() || !ended.Ended() {
		t.Fatal("ending changed the session that it was called on, or did not end it")
	}
	if !ended.EndedAt.Equal(start.Add(time.Hour)) || ended.EndReason != domain.EndSignedOut {
		t.Errorf("it ended at %v: %s", ended.EndedAt, ended.EndReason)
	}
	for _, reason := range reasons {
		if again := ended.End(reason, start.Add(2*time.Hour)); again != ended {
			t.Errorf("ended again for %s, it became %+v", reason, again)
		}
	}
}

func TestAliveUntilTheInstantOfExpiry(t *testing.T) {
	user, s := domain.User{ID: "u1"}, rotated()
	for _, c := range []struct {
		what string
		s    domain.Session
		u    domain.User
		at   time.Time
		want bool
	}{
		{"at its start", s, user, start, true},
		{"just before expiry", s, user, s.ExpiresAt.Add(-tick), true},
		{"at expiry", s, user, s.ExpiresAt, false},
		{"after expiry", s, user, s.ExpiresAt.Add(tick), false},
		{"once ended", s.End(domain.EndRevoked, start), user, start, false},
		{"before its end, by a clock that lags", s.End(domain.EndRevoked, start), user, start.Add(-time.Hour), false},
		{"of another user", s, domain.User{ID: "u2"}, start, false},
		{"after the password changed", s, user.ChangePassword(domain.NewSecret("h"), "other", start), start, false},
	} {
		if got := c.s.Alive(c.u, c.at); got != c.want {
			t.Errorf("%s: alive %t; want %t", c.what, got, c.want)
		}
	}
}

func TestKeptUntil(t *testing.T) {
	s := rotated()
	if !s.KeptUntil().Equal(s.ExpiresAt) {
		t.Errorf("a living session is kept until %v; want its expiry", s.KeptUntil())
	}
	for _, at := range []time.Time{start, s.ExpiresAt.Add(-tick)} {
		if kept := s.End(domain.EndRevoked, at).KeptUntil(); !kept.Equal(at.Add(24 * time.Hour)) {
			t.Errorf("ended at %v, it is kept until %v; want a day more", at, kept)
		}
	}
}

func TestEveryEndingSaysWhy(t *testing.T) {
	said := map[string]domain.EndReason{rotated().Ending().Message: "none"}
	for _, reason := range reasons {
		ending := rotated().End(reason, start).Ending()
		if ending.Code != domain.CodeSessionEnded || said[ending.Message] != "" {
			t.Errorf("%s: %v, as for %s", reason, ending, said[ending.Message])
		}
		said[ending.Message] = reason
	}
}
