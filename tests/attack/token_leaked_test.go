package attack_test

import (
	"database/sql"
	"encoding/base64"
	"testing"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/tests/scenario"
)

// TestRefreshSecretLeakedWithoutTheSeed: somebody reads REFRESH_TOKEN_SECRET, in a backup of the settings say, and has
// seen a token of Alice's long ago. Lost would be every session for ever. They can sign whatever they like; the jti,
// which takes the seed of the session, is what they cannot make. Nor can they end her session, by what looks like theft.
func TestRefreshSecretLeakedWithoutTheSeed(t *testing.T) {
	s := attacked(t, modes["Ed25519"])
	k := s.kinds(t)[1]
	access, _ := parts(t, s.alice.AccessToken)
	own := s.newcomer(t, "mallory@example.org")
	_, theirs := parts(t, own.RefreshToken)
	for name, claims := range map[string]object{
		"the next generation":         k.claims.with("gen", 2),
		"one far ahead":               k.claims.with("gen", int64(1<<53-1)),
		"no jti to speak of":          k.claims.with("gen", 2, "jti", "x"),
		"a jti of zeroes":             k.claims.with("jti", base64.RawURLEncoding.EncodeToString(make([]byte, 32))),
		"the jti of a seed of zeroes": k.claims.with("jti", domain.Session{}.TokenID(1)),
		"the kid for a jti":           k.claims.with("jti", access["kid"]),
		"the attacker's own jti":      k.claims.with("jti", theirs["jti"]),
		"a retired one's jti":         k.claims.with("gen", 3),
	} {
		t.Run(name, func(t *testing.T) { s.invalid(t, k.forge(k.header, claims)) })
	}
}

// TestClaimsSwapped: with a key in hand, one's own token is made out to Alice, or hers to oneself. Lost would be her
// account, or that a session can be used for another user than it was begun for.
func TestClaimsSwapped(t *testing.T) {
	inEachMode(t, func(t *testing.T, s *service, k kind) {
		mallory := s.newcomer(t, "mallory@example.org")
		token := mallory.AccessToken
		if k.name == "refresh" {
			token = mallory.RefreshToken
		}
		_, own := parts(t, token)
		for name, claims := range map[string]object{
			"her id in one's own session":   own.with("sub", k.claims["sub"], "_id", k.claims["sub"]),
			"one's own id in her session":   k.claims.with("sub", own["sub"], "_id", own["sub"]),
			"her session in one's own name": own.with("sid", k.claims["sid"]),
		} {
			forged := k.forge(k.header, claims)
			_, err := s.Me(t.Context(), forged)
			if k.name == "access" {
				refused(t, err, "session_ended")
				_, err = s.EndSessions(t.Context(), forged, false)
				refused(t, err, "session_ended")
				must(t, s.Logout(t.Context(), forged, "")) // a session that is not there is over
			} else {
				_, err = s.Refresh(t.Context(), forged)
				refused(t, err, "session_ended", "token_invalid")
			}
			if s.unharmed(t); t.Failed() {
				t.Errorf("after %s", name)
			}
		}
	})
}

// stolen is what the database knows of Alice.
func stolen(t *testing.T, s *service) (session domain.Session, hash string) {
	t.Helper()
	db, err := sql.Open("sqlite", s.Database())
	must(t, err)
	defer func() { must(t, db.Close()) }()
	var seed []byte
	must(t, db.QueryRow(`SELECT s.id, s.user_id, s.generation, s.seed, u.password_hash FROM sessions s JOIN users u ON u.id = s.user_id
		WHERE u.email = ?`, s.alice.User.Email).Scan(&session.ID, &session.UserID, &session.Generation, &seed, &hash))
	copy(session.Seed[:], seed)
	return session, hash
}

// TestDatabaseLeakedWithoutTheSecret: somebody has the whole database, seeds and hashes, in a backup say. Lost would be
// every session that lives, and, were the hashes good for signing in, every account.
func TestDatabaseLeakedWithoutTheSecret(t *testing.T) {
	s := attacked(t, modes["Ed25519"])
	session, hash := stolen(t, s)
	k := s.kinds(t)[1]
	claims := k.claims.with("gen", session.Generation, "jti", session.TokenID(session.Generation))
	s.accepts(t, k, k.forge(k.header, claims)) // with the secret too, it is all that it takes
	session, _ = stolen(t, s)
	claims = k.claims.with("gen", session.Generation, "jti", session.TokenID(session.Generation))
	for name, sign := range map[string]signer{
		"nobody": byNobody, "no secret": byHMAC(nil), "zeroes": byHMAC(make([]byte, 32)), "the seed": byHMAC(session.Seed[:]),
		"the hash": byHMAC([]byte(hash)), "the session's id": byHMAC([]byte(session.ID)), "the user's id": byHMAC([]byte(session.UserID)),
	} {
		t.Run("signed by "+name, func(t *testing.T) {
			s.invalid(t, forge(k.header.String(), claims.String(), sign))
			s.invalid(t, forge(k.header.with("alg", "none").String(), claims.String(), sign))
		})
	}
	for _, guess := range []string{hash, string(session.ID), string(session.UserID)} {
		_, err := s.Login(t.Context(), scenario.Credentials{Email: s.alice.User.Email, Password: guess})
		refused(t, err, "invalid_credentials")
	}
}
