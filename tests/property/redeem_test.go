package property

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/latchkey-auth/latchkey/adapters/jwt"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports/porttest"
)

var (
	policy = domain.SessionPolicy{RefreshTTL: refreshTTL, MaxAge: maxAge, Grace: grace}
	tokens = jwt.New(jwt.Config{
		Issuer: "https://id.example.org", Audience: "example", AccessTTL: 15 * time.Minute,
		AccessKeys:     jwt.HMACKeyring(domain.NewSecret(strings.Repeat("a", 32))),
		RefreshSecrets: []domain.Secret{domain.NewSecret(strings.Repeat("r", 32))},
	})
)

func TestRedeem(t *testing.T) {
	clock := wholeSeconds()
	check(t, clock, func(*rapid.T) subject {
		return &redeemer{now: clock.Now, user: domain.User{ID: domain.NewUserID(clock.Now())}}
	})
}

// wholeSeconds is a clock that stands at a whole second, which is what tokens can tell.
func wholeSeconds() *porttest.Clock {
	clock := porttest.NewClock()
	clock.Set(clock.Now().Truncate(time.Second))
	return clock
}

// redeemer is the domain alone: a user, a session and each of its versions.
type redeemer struct {
	now     func() time.Time
	user    domain.User
	history []domain.Session
}

func (r *redeemer) session() domain.Session { return r.history[len(r.history)-1] }

func (r *redeemer) signIn() (domain.Secret, error) {
	r.history = []domain.Session{domain.NewSession(r.user, domain.Client{}, r.now(), policy)}
	return issue(r.session())
}

func issue(s domain.Session) (domain.Secret, error) {
	issued, err := tokens.IssueRefresh(s)
	return issued.Secret, err
}

func (r *redeemer) refresh(token domain.Secret) (domain.Secret, error) {
	claims, err := tokens.VerifyRefresh(token, r.now())
	if err != nil {
		return domain.Secret{}, err
	}
	s, kept := r.stored()
	switch {
	case !kept:
		return domain.Secret{}, domain.SessionEnded("it is forgotten")
	case !s.Made(claims):
		return domain.Secret{}, domain.ErrTokenInvalid
	case !s.Alive(r.user, r.now()):
		return domain.Secret{}, s.Ending()
	}
	s, outcome := s.Redeem(claims.Generation, r.now(), policy)
	if outcome != domain.Repeated {
		r.history = append(r.history, s)
	}
	if outcome == domain.Reused {
		return domain.Secret{}, domain.ErrTokenReused
	}
	return issue(s)
}

func (r *redeemer) end(reason domain.EndReason) {
	if s, kept := r.stored(); kept && !s.Ended() {
		r.history = append(r.history, s.End(reason, r.now()))
	}
}

func (r *redeemer) logOut(token domain.Secret) error {
	if _, err := tokens.VerifyRefresh(token, r.now()); err != nil {
		return err
	}
	r.end(domain.EndSignedOut)
	return nil
}

func (r *redeemer) revoke() error {
	if _, kept := r.stored(); !kept {
		return domain.ErrSessionNotFound
	}
	r.end(domain.EndRevoked)
	return nil
}

func (r *redeemer) changePassword(here bool) error {
	if here {
		r.user = r.user.ChangePassword(domain.Secret{}, r.session().ID, r.now())
		return nil
	}
	r.user = r.user.ChangePassword(domain.Secret{}, "another session", r.now())
	r.end(domain.EndPasswordChanged)
	return nil
}

func (r *redeemer) resetPassword() error {
	r.user = r.user.ChangePassword(domain.Secret{}, "", r.now())
	return nil
}

func (r *redeemer) stored() (domain.Session, bool) {
	return r.session(), r.now().Before(r.session().KeptUntil())
}

func (r *redeemer) writes() int { return len(r.history) }

func (r *redeemer) lose(k int) error {
	r.history = r.history[:len(r.history)-k]
	return nil
}
