package httpapi

import (
	"strings"

	"github.com/latchkey-auth/latchkey/domain"
)

// user is a user as clients see one. Dates are left out if they are unknown, as they may be of users that another back end
// stored.
type user struct {
	ID         string    `json:"_id"`
	Username   string    `json:"username"`
	Fullname   string    `json:"fullname"`
	Email      string    `json:"email"`
	Avatar     string    `json:"avatar"`
	CoverImage string    `json:"coverImage"`
	CreatedAt  timestamp `json:"createdAt,omitzero"`
	UpdatedAt  timestamp `json:"updatedAt,omitzero"`
}

func (s *server) user(u domain.User) user {
	return user{
		ID:         string(u.ID),
		Username:   u.Username.String(),
		Fullname:   u.Fullname,
		Email:      u.Email.String(),
		Avatar:     s.imageURL(u.Avatar),
		CoverImage: s.imageURL(u.CoverImage),
		CreatedAt:  timestamp(u.CreatedAt),
		UpdatedAt:  timestamp(u.UpdatedAt),
	}
}

// imageURL completes the path of an image that this service serves.
func (s *server) imageURL(ref string) string {
	if strings.HasPrefix(ref, "/") && !strings.HasPrefix(ref, "//") {
		return strings.TrimSuffix(s.PublicURL.String(), "/") + ref
	}
	return ref
}
