package ports

import (
	"time"

	"github.com/latchkey-auth/latchkey/domain"
)

// TokenIssuer signs tokens.
type TokenIssuer interface {
	// IssueAccess signs a new access token, which never outlives its session.
	IssueAccess(u domain.User, s domain.Session, now time.Time) (domain.Token, error)

	// IssueRefresh signs the refresh token of the session's present generation. It is a pure function of the session:
	// the same session gives the same bytes.
	IssueRefresh(s domain.Session) (domain.Token, error)
}

// TokenVerifier checks tokens that clients present. It looks at the token alone: whether the session lives, and whether
// a refresh token is one that the session made, is for the caller to ask. Neither kind is taken for the other.
// The errors are domain.ErrTokenExpired for a genuine token past its time, and domain.ErrTokenInvalid for anything else.
type TokenVerifier interface {
	// VerifyAccess is what a genuine access token says.
	VerifyAccess(token domain.Secret, now time.Time) (domain.AccessClaims, error)

	// VerifyRefresh is what a genuine refresh token says. Its Generation is positive.
	VerifyRefresh(token domain.Secret, now time.Time) (domain.RefreshClaims, error)
}
