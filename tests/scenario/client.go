package scenario

import (
	"context"
	"errors"
	"net/http"

	api "github.com/latchkey-auth/latchkey/adapters/client"
)

// Client is the Service of a server at a base URL, by the client for Go programs. The tokens that a behaviour presents are
// all that it has, so that it refreshes nothing by itself.
func Client(transport http.RoundTripper, base string) Service { return clientService{transport, base} }

type clientService struct {
	transport http.RoundTripper
	base      string
}

// with is a client that has these tokens, and where it keeps them.
func (s clientService) with(ctx context.Context, t api.Tokens) (*api.Client, *api.MemoryTokens, error) {
	kept := &api.MemoryTokens{}
	if err := kept.Save(ctx, t); err != nil {
		return nil, nil, err
	}
	c, err := api.New(api.Config{URL: s.base, Transport: s.transport, Tokens: kept})
	return c, kept, err
}

// as is what a client that has an access token answers.
func as[T any](ctx context.Context, s clientService, accessToken string, do func(*api.Client) (T, error)) (answer T, err error) {
	c, _, err := s.with(ctx, api.Tokens{AccessToken: accessToken})
	if err != nil {
		return answer, err
	}
	answer, err = do(c)
	return answer, clientFailure(err)
}

// clientFailure is a refusal of the client's as the behaviours have it.
func clientFailure(err error) error {
	refused, ok := errors.AsType[*api.Error](err)
	if !ok {
		return err
	}
	failure := &Failure{Code: string(refused.Code)}
	for _, each := range refused.Fields {
		failure.Fields = append(failure.Fields, each.Field)
	}
	return failure
}

func (s clientService) Register(ctx context.Context, r Registration) (User, error) {
	return as(ctx, s, "", func(c *api.Client) (User, error) {
		u, err := c.Register(ctx, api.Registration{
			Email: r.Email, Password: r.Password, Username: r.Username, Fullname: r.Fullname, Avatar: r.Avatar, CoverImage: r.CoverImage,
		})
		return User(u), err
	})
}

func (s clientService) Login(ctx context.Context, with Credentials) (SignedIn, error) {
	c, kept, err := s.with(ctx, api.Tokens{})
	if err != nil {
		return SignedIn{}, err
	}
	u, err := c.Login(ctx, api.Credentials{Email: with.Email, Username: with.Username, Password: with.Password})
	if err != nil {
		return SignedIn{}, clientFailure(err)
	}
	tokens, err := kept.Load(ctx)
	return SignedIn{User(u), Tokens(tokens)}, err
}

func (s clientService) Refresh(ctx context.Context, refreshToken string) (Tokens, error) {
	c, kept, err := s.with(ctx, api.Tokens{RefreshToken: refreshToken})
	if err != nil {
		return Tokens{}, err
	}
	if err := c.Refresh(ctx); err != nil {
		return Tokens{}, clientFailure(err)
	}
	tokens, err := kept.Load(ctx)
	return Tokens(tokens), err
}

func (s clientService) Logout(ctx context.Context, accessToken, refreshToken string) error {
	c, _, err := s.with(ctx, api.Tokens{AccessToken: accessToken, RefreshToken: refreshToken})
	if err != nil {
		return err
	}
	return clientFailure(c.Logout(ctx))
}

func (s clientService) Me(ctx context.Context, accessToken string) (User, error) {
	return as(ctx, s, accessToken, func(c *api.Client) (User, error) { return asAPIUser(c.Me(ctx)) })
}

func (s clientService) UpdateProfile(ctx context.Context, accessToken string, change map[string]string) (User, error) {
	field := func(name string) *string {
		if value, ok := change[name]; ok {
			return &value
		}
		return nil
	}
	return as(ctx, s, accessToken, func(c *api.Client) (User, error) {
		return asAPIUser(c.UpdateProfile(ctx, api.ProfileChange{Fullname: field("fullname"), Username: field("username"), Email: field("email")}))
	})
}

func (s clientService) ChangeAvatar(ctx context.Context, accessToken string, image []byte) (User, error) {
	return as(ctx, s, accessToken, func(c *api.Client) (User, error) { return asAPIUser(c.ChangeAvatar(ctx, image)) })
}

func (s clientService) ChangePassword(ctx context.Context, accessToken, from, to string) error {
	return void(as(ctx, s, accessToken, func(c *api.Client) (User, error) { return User{}, c.ChangePassword(ctx, from, to) }))
}

func (s clientService) DeleteAccount(ctx context.Context, accessToken, password string) error {
	return void(as(ctx, s, accessToken, func(c *api.Client) (User, error) { return User{}, c.DeleteAccount(ctx, password) }))
}

func (s clientService) Sessions(ctx context.Context, accessToken string) ([]Session, error) {
	found, err := as(ctx, s, accessToken, func(c *api.Client) ([]api.Session, error) { return c.Sessions(ctx) })
	var all []Session
	for _, each := range found {
		all = append(all, Session{
			ID: each.ID, Current: each.Current, CreatedAt: each.CreatedAt, LastUsedAt: each.LastUsedAt,
			ExpiresAt: each.ExpiresAt, EndedAt: each.EndedAt, EndReason: each.EndReason,
		})
	}
	return all, err
}

func (s clientService) EndSession(ctx context.Context, accessToken, id string) error {
	return void(as(ctx, s, accessToken, func(c *api.Client) (User, error) { return User{}, c.EndSession(ctx, id) }))
}

func (s clientService) EndSessions(ctx context.Context, accessToken string, keepCurrent bool) (int, error) {
	keep := api.KeepNone
	if keepCurrent {
		keep = api.KeepCurrent
	}
	return as(ctx, s, accessToken, func(c *api.Client) (int, error) { return c.EndSessions(ctx, keep) })
}

func (s clientService) Image(ctx context.Context, address string) ([]byte, bool) {
	return httpService{&http.Client{Transport: s.transport}, s.base}.Image(ctx, address)
}

func asAPIUser(u api.User, err error) (User, error) { return User(u), err }
