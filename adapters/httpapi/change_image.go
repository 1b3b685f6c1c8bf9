package httpapi

import (
	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
)

func (s *server) changeAvatar(r *request) (reply, error) { return s.changeImage(r, domain.Avatar) }
func (s *server) changeCoverImage(r *request) (reply, error) {
	return s.changeImage(r, domain.CoverImage)
}

func (s *server) changeImage(r *request, which domain.Image) (reply, error) {
	changed, err := s.App.ChangeImage.Do(r.Context(), app.ChangeImageRequest{
		Caller: r.caller, Which: which, Data: r.body.files[string(which)],
	})
	if err != nil {
		return reply{}, err
	}
	return reply{message: "Image updated.", data: s.user(changed)}, nil
}
