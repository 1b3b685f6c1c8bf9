package app

import (
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// Tokens is the pair that a client gets.
type Tokens struct {
	Access  domain.Token
	Refresh domain.Token
}

func issue(issuer ports.TokenIssuer, user domain.User, session domain.Session, now time.Time) (Tokens, error) {
	access, err := issuer.IssueAccess(user, session, now)
	if err != nil {
		return Tokens{}, err
	}
	refresh, err := issuer.IssueRefresh(session)
	return Tokens{access, refresh}, err
}
