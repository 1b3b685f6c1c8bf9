package httpapi

import "github.com/latchkey-auth/latchkey/app"

func (s *server) logout(r *request) (reply, error) {
	err := s.App.LogoutUser.Do(r.Context(), app.LogoutRequest{
		Access:  accessToken(r.Request),
		Refresh: r.refreshToken(),
		Client:  r.client(),
	})
	// Tokens that were refused are of no use to the browser either. After a fault they still are: the session lives, and
	// it takes them to end it.
	if err == nil || refusesToken(err) {
		s.jar.clear(r.header())
	}
	return reply{message: "User logged out."}, err
}
