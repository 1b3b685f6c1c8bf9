package httpapi

import "github.com/latchkey-auth/latchkey/app"

func (s *server) deleteAccount(r *request) (reply, error) {
	err := s.App.DeleteAccount.Do(r.Context(), app.DeleteAccountRequest{
		Caller: r.caller, Password: r.body.secret("password"), Client: r.client(),
	})
	if err != nil {
		return reply{}, err
	}
	s.jar.clear(r.header())
	return reply{message: "Account deleted."}, nil
}
