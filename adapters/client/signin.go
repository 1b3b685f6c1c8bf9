package client

import (
	"context"
	"errors"
	"net/http"
)

// Credentials is what a person signs in with: an email or a username, and a password.
type Credentials struct {
	Email    string `json:"email,omitempty"`
	Username string `json:"username,omitempty"`
	Password string `json:"password"`
}

// Login signs in, and keeps the tokens.
func (c *Client) Login(ctx context.Context, with Credentials) (User, error) {
	type plain Credentials
	in, err := callPlainly[struct {
		User User `json:"user"`
		Tokens
	}](ctx, c, http.MethodPost, "/login", jsonBody(plain(with)))
	if err != nil {
		return User{}, err
	}
	return in.User, c.save(ctx, in.Tokens)
}

// Logout ends the session and forgets the tokens, also where Latchkey refuses them. Where there are
// none, that is CodeTokenMissing.
func (c *Client) Logout(ctx context.Context) error {
	tokens, err := c.tokens.Load(ctx)
	if err != nil {
		return err
	}
	req, err := c.request(ctx, http.MethodPost, "/logout", jsonBody(map[string]string{"refreshToken": tokens.RefreshToken}))
	if err != nil {
		return err
	}
	if tokens.AccessToken != "" {
		req.Header.Set("Authorization", "Bearer "+tokens.AccessToken)
	}
	err = done(send[struct{}](c.plain, req))
	if err != nil && !refused(err) {
		return err
	}
	return errors.Join(err, c.save(ctx, Tokens{}))
}

// Tokens is the tokens that are kept, zero where nobody is signed in.
func (c *Client) Tokens(ctx context.Context) (Tokens, error) { return c.tokens.Load(ctx) }

func (c *Client) save(ctx context.Context, tokens Tokens) error {
	c.saving.Lock()
	defer c.saving.Unlock()
	return c.tokens.Save(ctx, tokens)
}
