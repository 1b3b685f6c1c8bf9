package jwt_test

import (
	"testing"

	"github.com/latchkey-auth/latchkey/adapters/jwt"
	"github.com/latchkey-auth/latchkey/domain"
)

// keyrings are the two ways to sign access tokens.
var keyrings = []struct {
	alg string
	new func(b *testing.B) *jwt.Keyring
}{
	{"EdDSA", func(b *testing.B) *jwt.Keyring {
		keys, _, err := jwt.OpenKeyring(b.TempDir())
		check(b, err)
		return keys
	}},
	{"HS256", func(*testing.B) *jwt.Keyring { return jwt.HMACKeyring(secret) }},
}

func BenchmarkIssueAccess(b *testing.B) {
	for _, keys := range keyrings {
		b.Run(keys.alg, func(b *testing.B) {
			tokens := jwt.New(config(keys.new(b)))
			b.ReportAllocs()
			for b.Loop() {
				_, err := tokens.IssueAccess(user, session, now)
				check(b, err)
			}
		})
	}
}

// BenchmarkVerifyAccess verifies tokens that are new, and one that comes again and again.
func BenchmarkVerifyAccess(b *testing.B) {
	for _, keys := range keyrings {
		cfg := config(keys.new(b))
		issued := issue(b, jwt.New(cfg), 1024)
		b.Run(keys.alg+"/new", func(b *testing.B) {
			b.ReportAllocs()
			var tokens *jwt.Tokens
			for i := 0; b.Loop(); i++ {
				if i%len(issued) == 0 { // nothing is known any more
					tokens = jwt.New(cfg)
				}
				_, err := tokens.VerifyAccess(issued[i%len(issued)], now)
				check(b, err)
			}
		})
		b.Run(keys.alg+"/known", func(b *testing.B) {
			tokens := jwt.New(cfg)
			b.ReportAllocs()
			for b.Loop() {
				_, err := tokens.VerifyAccess(issued[0], now)
				check(b, err)
			}
		})
	}
}

func BenchmarkIssueRefresh(b *testing.B) {
	tokens := jwt.New(config(jwt.HMACKeyring(secret)))
	b.ReportAllocs()
	for b.Loop() {
		_, err := tokens.IssueRefresh(session)
		check(b, err)
	}
}

func BenchmarkVerifyRefresh(b *testing.B) {
	tokens := jwt.New(config(jwt.HMACKeyring(secret)))
	token, err := tokens.IssueRefresh(session)
	check(b, err)
	b.ReportAllocs()
	for b.Loop() {
		_, err := tokens.VerifyRefresh(token.Secret, now)
		check(b, err)
	}
}

func issue(b *testing.B, tokens *jwt.Tokens, n int) []domain.Secret {
	b.Helper()
	issued := make([]domain.Secret, n)
	for i := range issued {
		token, err := tokens.IssueAccess(user, session, now)
		check(b, err)
		issued[i] = token.Secret
	}
	return issued
}

func check(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}
