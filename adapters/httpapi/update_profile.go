package httpapi

import "github.com/latchkey-auth/latchkey/app"

var profileFields = []string{"fullname", "username", "email"}

func (s *server) me(r *request) (reply, error) {
	return reply{message: "The current user.", data: s.user(r.caller.User)}, nil
}

func (s *server) updateProfile(r *request) (reply, error) {
	changed, err := s.App.UpdateProfile.Do(r.Context(), app.UpdateProfileRequest{
		Caller:   r.caller,
		Fullname: r.body.optional("fullname"),
		Username: r.body.optional("username"),
		Email:    r.body.optional("email"),
	})
	if err != nil {
		return reply{}, err
	}
	return reply{message: "Profile updated.", data: s.user(changed)}, nil
}
