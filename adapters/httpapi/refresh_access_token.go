package httpapi

import "github.com/latchkey-auth/latchkey/app"

func (s *server) refresh(r *request) (reply, error) {
	refreshed, err := s.App.RefreshAccessToken.Do(r.Context(), app.RefreshRequest{Token: r.refreshToken(), Client: r.client()})
	if err != nil {
		return reply{}, err
	}
	s.jar.set(r.header(), refreshed)
	return reply{message: "Access token refreshed.", data: newTokens(refreshed)}, nil
}
