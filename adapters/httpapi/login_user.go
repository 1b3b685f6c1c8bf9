package httpapi

import (
	"net/http"

	"github.com/latchkey-auth/latchkey/app"
)

// tokens is a pair of tokens as clients see them.
type tokens struct {
	AccessToken           string    `json:"accessToken"`
	RefreshToken          string    `json:"refreshToken"`
	AccessTokenExpiresAt  timestamp `json:"accessTokenExpiresAt"`
	RefreshTokenExpiresAt timestamp `json:"refreshTokenExpiresAt"`
}

func newTokens(t app.Tokens) tokens {
	return tokens{t.Access.Reveal(), t.Refresh.Reveal(), timestamp(t.Access.ExpiresAt), timestamp(t.Refresh.ExpiresAt)}
}

func (s *server) login(r *request) (reply, error) {
	signedIn, err := s.App.LoginUser.Do(r.Context(), app.LoginRequest{
		Email:    r.body.text("email"),
		Username: r.body.text("username"),
		Password: r.body.secret("password"),
		Client:   r.client(),
	})
	if err != nil {
		return reply{}, err
	}
	return s.welcome(r, &signedIn), nil
}

// welcome is what somebody is answered who has signed in. It has a frame of its own, since the one of login lies on the
// stack while the password is hashed.
func (s *server) welcome(r *request, signedIn *app.LoginResponse) reply {
	s.jar.displace(r.Request, r.header())
	s.jar.set(r.header(), signedIn.Tokens)
	return reply{http.StatusOK, "User logged in successfully.", struct {
		User user `json:"user"`
		tokens
	}{s.user(signedIn.User), newTokens(signedIn.Tokens)}}
}
