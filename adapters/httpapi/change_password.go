package httpapi

import "github.com/latchkey-auth/latchkey/app"

func (s *server) changePassword(r *request) (reply, error) {
	err := s.App.ChangePassword.Do(r.Context(), app.ChangePasswordRequest{
		Caller: r.caller, Old: r.body.secret("oldPassword"), New: r.body.secret("newPassword"), Client: r.client(),
	})
	return reply{message: "Password changed. Every other session has ended."}, err
}
