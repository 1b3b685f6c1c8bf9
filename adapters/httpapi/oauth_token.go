package httpapi

import (
	"time"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
)

const grantRefreshToken = "refresh_token"

// granted is a pair of tokens as RFC 6749, section 5.1, has it.
type granted struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int64  `json:"expires_in"`
	RefreshToken string `json:"refresh_token"`
}

const tokenTypeBearer = "Bearer"

// grant is the token endpoint. Tokens belong to a session and to no client, so public clients refresh too: the refresh
// token, which is good once, is the proof. There are no scopes, and who asks for one must not think that they got it.
func (s *server) grant(r *request) (any, error) {
	switch r.body.text("grant_type") {
	case grantRefreshToken:
	case "":
		return nil, malformed("The parameter grant_type is missing.")
	default:
		return nil, &domain.Error{Code: codeUnsupportedGrantType, Message: "The only grant_type is refresh_token."}
	}
	if r.body.text("scope") != "" {
		return nil, &domain.Error{Code: codeInvalidScope, Message: "There are no scopes."}
	}
	refreshed, err := s.App.RefreshAccessToken.Do(r.Context(), app.RefreshRequest{Token: r.body.secret("refresh_token"), Client: r.client()})
	if err != nil {
		return nil, err
	}
	return granted{refreshed.Access.Reveal(), tokenTypeBearer, s.expiresIn(refreshed.Access), refreshed.Refresh.Reveal()}, nil
}

// expiresIn is the rest of a token's life in whole seconds. It is never zero, which clients take for "for ever".
func (s *server) expiresIn(token domain.Token) int64 {
	return max(1, int64(token.ExpiresAt.Sub(s.Now())/time.Second))
}
