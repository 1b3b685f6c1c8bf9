package jwt

import (
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
)

// What is remembered is bounded, and is what was used last. Tokens that are refused are not in it.
func TestVerifiedTokensAreBounded(t *testing.T) {
	keys := HMACKeyring(domain.NewSecret("a secret of at least 32 bytes, for tests only"))
	tokens := New(Config{Issuer: "issuer", Audience: "api", AccessTTL: time.Minute, AccessKeys: keys, RefreshSecrets: []domain.Secret{domain.NewSecret("s")}})
	tokens.verified = newVerified(keys, 3)
	now := time.Unix(1<<30, 0)
	issue := func() domain.Secret {
		token, err := tokens.IssueAccess(domain.User{ID: "ada"}, domain.Session{ID: "sid", ExpiresAt: now.Add(time.Hour)}, now)
		if err != nil {
			t.Fatal(err)
		}
		return token.Secret
	}
	verify := func(token domain.Secret, at time.Time) {
		_, _ = tokens.VerifyAccess(token, at)
	}
	known := func(token domain.Secret) bool {
		_, ok := tokens.verified.find(token)
		return ok
	}

	first, expired, early := issue(), issue(), issue()
	verify(expired, now.Add(time.Hour))
	verify(early, now.Add(-time.Hour))
	verify(domain.NewSecret(first.Reveal()+"x"), now)
	if n := tokens.verified.tokens.Len(); n != 0 {
		t.Fatalf("%d tokens are remembered, and none was good", n)
	}
	verify(first, now)
	second := issue()
	verify(second, now)
	for range 10 {
		verify(issue(), now)
		verify(first, now)
	}
	if n := tokens.verified.tokens.Len(); n != 3 || !known(first) || known(second) {
		t.Errorf("%d tokens are remembered, the one in use %v, the one long unused %v", n, known(first), known(second))
	}
}
