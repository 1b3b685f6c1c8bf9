package httpapi

import "github.com/latchkey-auth/latchkey/app"

// introspection is what is said of a token (RFC 7662, section 2.2). Of one that is not active, nothing else is. Who the
// user is, is said in the words of access tokens, as it is by now.
type introspection struct {
	Active    bool          `json:"active"`
	TokenType string        `json:"token_type,omitempty"`
	TokenUse  app.TokenKind `json:"token_use,omitempty"`
	Issuer    string        `json:"iss,omitempty"`
	Audience  string        `json:"aud,omitempty"`
	Subject   string        `json:"sub,omitempty"`
	SessionID string        `json:"sid,omitempty"`
	ExpiresAt int64         `json:"exp,omitempty"`
	Email     string        `json:"email,omitempty"`
	Username  string        `json:"username,omitempty"`
	Fullname  string        `json:"fullname,omitempty"`
}

// introspect tells a client what a token is worth. Only an access token has a token_type and an aud: a resource server that
// looks at either takes no refresh token for one.
func (s *server) introspect(r *request) (any, error) {
	found, err := s.App.IntrospectToken.Do(r.Context(), r.body.secret("token"))
	if err != nil || !found.Active() {
		return introspection{}, err
	}
	answer := introspection{
		Active:    true,
		TokenUse:  found.Kind,
		Issuer:    s.PublicURL.String(),
		Subject:   string(found.User.ID),
		SessionID: string(found.Session.ID),
		ExpiresAt: found.TokenExpiresAt.Unix(),
		Email:     found.User.Email.String(),
		Username:  found.User.Username.String(),
		Fullname:  found.User.Fullname,
	}
	if found.Kind == app.AccessToken {
		answer.TokenType, answer.Audience = tokenTypeBearer, s.Audience
	}
	return answer, nil
}
