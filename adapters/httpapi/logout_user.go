package httpapi

import (
	"errors"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
)

func (s *server) logout(r *request) (reply, error) {
	err := s.App.LogoutUser.Do(r.Context(), app.LogoutRequest{
		Access:  accessToken(r.Request),
		Refresh: r.refreshToken(),
		Client:  r.client,
	})
	// Tokens that were refused are of no use to the browser either. When a store could not be asked, they still are:
	// the session lives, and it takes them to end it.
	if !errors.Is(err, domain.ErrUnavailable) {
		s.jar.clear(r.header)
	}
	return reply{message: "User logged out."}, err
}
