package client

import (
	"context"
	"net/http"
	"time"
)

// User is a user. What was not given is empty.
type User struct {
	ID         string    `json:"_id"`
	Username   string    `json:"username"`
	Fullname   string    `json:"fullname"`
	Email      string    `json:"email"`
	Avatar     string    `json:"avatar"`
	CoverImage string    `json:"coverImage"`
	CreatedAt  time.Time `json:"createdAt"`
	UpdatedAt  time.Time `json:"updatedAt"`
}

// Registration is what a person registers with. Latchkey's REGISTER_REQUIRE says what they need.
type Registration struct {
	Email, Password    string
	Username, Fullname string
	Avatar, CoverImage []byte // nil for none
}

// ProfileChange is what is to be changed; what is nil stays.
type ProfileChange struct {
	Fullname *string `json:"fullname,omitempty"`
	Username *string `json:"username,omitempty"`
	Email    *string `json:"email,omitempty"`
}

// Register registers a person. It signs nobody in.
func (c *Client) Register(ctx context.Context, r Registration) (User, error) {
	fields := map[string]string{"email": r.Email, "password": r.Password, "username": r.Username, "fullname": r.Fullname}
	b := jsonBody(fields)
	if r.Avatar != nil || r.CoverImage != nil {
		b = formBody(fields, map[string][]byte{"avatar": r.Avatar, "coverImage": r.CoverImage})
	}
	return callPlainly[User](ctx, c, http.MethodPost, "/register", b)
}

// Me is the user who is signed in.
func (c *Client) Me(ctx context.Context) (User, error) {
	return call[User](ctx, c, http.MethodGet, "/me", body{})
}

// UpdateProfile changes the profile.
func (c *Client) UpdateProfile(ctx context.Context, change ProfileChange) (User, error) {
	return call[User](ctx, c, http.MethodPatch, "/me", jsonBody(change))
}

// ChangeAvatar replaces the avatar by a PNG, JPEG, GIF or WebP.
func (c *Client) ChangeAvatar(ctx context.Context, image []byte) (User, error) {
	return call[User](ctx, c, http.MethodPatch, "/me/avatar", formBody(nil, map[string][]byte{"avatar": image}))
}

// ChangeCoverImage replaces the cover image by a PNG, JPEG, GIF or WebP.
func (c *Client) ChangeCoverImage(ctx context.Context, image []byte) (User, error) {
	return call[User](ctx, c, http.MethodPatch, "/me/cover-image", formBody(nil, map[string][]byte{"coverImage": image}))
}

// ChangePassword changes the password. Every other session of the user ends.
func (c *Client) ChangePassword(ctx context.Context, from, to string) error {
	b := jsonBody(map[string]string{"oldPassword": from, "newPassword": to})
	return done(call[struct{}](ctx, c, http.MethodPost, "/change-password", b))
}

// DeleteAccount deletes the user, their sessions and images.
func (c *Client) DeleteAccount(ctx context.Context, password string) error {
	err := done(call[struct{}](ctx, c, http.MethodDelete, "/me", jsonBody(map[string]string{"password": password})))
	if err != nil {
		return err
	}
	return c.save(ctx, Tokens{})
}
