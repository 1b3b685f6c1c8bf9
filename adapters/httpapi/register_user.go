package httpapi

import (
	"net/http"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
)

var (
	registerFields = []string{"username", "fullname", "email", "password"}
	imageFields    = []string{string(domain.Avatar), string(domain.CoverImage)}
)

func (s *server) register(r *request) (reply, error) {
	registered, err := s.App.RegisterUser.Do(r.Context(), app.RegisterRequest{
		Username:   r.body.text("username"),
		Fullname:   r.body.text("fullname"),
		Email:      r.body.text("email"),
		Password:   r.body.secret("password"),
		Avatar:     r.body.files[string(domain.Avatar)],
		CoverImage: r.body.files[string(domain.CoverImage)],
		Client:     r.client(),
	})
	if err != nil {
		return reply{}, err
	}
	return reply{http.StatusCreated, "User registered successfully.", s.user(registered)}, nil
}

// admitted reads nothing from whoever has registered too often: they take neither time nor the memory for files.
func (s *server) admitted(do endpoint) endpoint {
	return func(r *request) (reply, error) {
		if err := s.App.RegisterUser.Admit(r.Context(), r.client()); err != nil {
			return reply{}, err
		}
		return do(r)
	}
}
