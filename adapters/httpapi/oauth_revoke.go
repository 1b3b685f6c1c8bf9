package httpapi

import (
	"errors"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
)

// revoke ends the session of a token, of whichever kind (RFC 7009). A public client shows by the token that it may. A token
// that is worth nothing is no error: section 2.2 has it that the client could do nothing about it.
func (s *server) revoke(r *request) (any, error) {
	token := r.body.secret("token")
	err := s.App.LogoutUser.Do(r.Context(), app.LogoutRequest{Access: token, Refresh: token, Client: r.client()})
	if errors.Is(err, domain.ErrTokenInvalid) || errors.Is(err, domain.ErrTokenExpired) {
		err = nil
	}
	return struct{}{}, err
}
