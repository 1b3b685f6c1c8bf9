package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// refreshTimeout bounds a refresh, which serves more than the request that began it.
const refreshTimeout = 30 * time.Second

// Refresh gets new tokens. The Client does so by itself whenever the access token has expired. Where the session is over,
// the tokens are forgotten.
func (c *Client) Refresh(ctx context.Context) error {
	tokens, err := c.tokens.Load(ctx)
	if err != nil {
		return err
	}
	_, err = c.refresh(ctx, tokens.AccessToken)
	return err
}

// refresh is the tokens that follow those of an access token. All who want them at the same time cause one request.
func (c *Client) refresh(ctx context.Context, used string) (Tokens, error) {
	done := c.refreshing.DoChan("", func() (any, error) {
		// Who began it may leave; a new token that nobody keeps would be lost for the others.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), refreshTimeout)
		defer cancel()
		return c.refreshOnce(ctx, used)
	})
	select {
	case result := <-done:
		return result.Val.(Tokens), result.Err
	case <-ctx.Done():
		return Tokens{}, ctx.Err()
	}
}

func (c *Client) refreshOnce(ctx context.Context, used string) (Tokens, error) {
	old, err := c.tokens.Load(ctx)
	if err != nil || old.AccessToken != used {
		return old, err // somebody has refreshed since
	}
	next, err := callPlainly[Tokens](ctx, c, http.MethodPost, "/refresh-token", jsonBody(map[string]string{"refreshToken": old.RefreshToken}))
	if err != nil {
		if refused(err) {
			err = errors.Join(err, c.replace(ctx, old, Tokens{}))
		}
		return Tokens{}, fmt.Errorf("refreshing the access token: %w", err)
	}
	return next, c.replace(ctx, old, next)
}

// replace saves tokens unless others have come in the meantime: those of a new sign-in, or none, as after Logout.
func (c *Client) replace(ctx context.Context, old, next Tokens) error {
	c.saving.Lock()
	defer c.saving.Unlock()
	now, err := c.tokens.Load(ctx)
	if err != nil || now.RefreshToken != old.RefreshToken {
		return err
	}
	return c.tokens.Save(ctx, next)
}

// refused reports whether an error is that Latchkey takes the tokens no more.
func refused(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status == http.StatusUnauthorized
}
