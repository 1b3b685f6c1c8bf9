package scenario

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
)

// UseCases is the Service without HTTP. Images, which HTTP serves, are looked up at its handler.
func UseCases(useCases *app.App, images http.Handler) Service {
	return useCaseService{useCases, images}
}

type useCaseService struct {
	*app.App
	images http.Handler
}

var client = domain.Client{IP: "127.0.0.1", UserAgent: "scenario"}

func (s useCaseService) Register(ctx context.Context, r Registration) (User, error) {
	u, err := s.RegisterUser.Do(ctx, app.RegisterRequest{
		Username: r.Username, Fullname: r.Fullname, Email: r.Email, Password: domain.NewSecret(r.Password),
		Avatar: r.Avatar, CoverImage: r.CoverImage, Client: client,
	})
	return asUser(u), asFailure(err)
}

func (s useCaseService) Login(ctx context.Context, c Credentials) (SignedIn, error) {
	in, err := s.LoginUser.Do(ctx, app.LoginRequest{
		Email: c.Email, Username: c.Username, Password: domain.NewSecret(c.Password), Client: client,
	})
	return SignedIn{asUser(in.User), asTokens(in.Tokens)}, asFailure(err)
}

func (s useCaseService) Refresh(ctx context.Context, refreshToken string) (Tokens, error) {
	tokens, err := s.RefreshAccessToken.Do(ctx, app.RefreshRequest{Token: domain.NewSecret(refreshToken), Client: client})
	return asTokens(tokens), asFailure(err)
}

func (s useCaseService) Logout(ctx context.Context, accessToken, refreshToken string) error {
	return asFailure(s.LogoutUser.Do(ctx, app.LogoutRequest{
		Access: domain.NewSecret(accessToken), Refresh: domain.NewSecret(refreshToken), Client: client,
	}))
}

func (s useCaseService) Me(ctx context.Context, accessToken string) (User, error) {
	caller, err := s.caller(ctx, accessToken)
	return asUser(caller.User), asFailure(err)
}

func (s useCaseService) UpdateProfile(ctx context.Context, accessToken string, change map[string]string) (User, error) {
	caller, err := s.caller(ctx, accessToken)
	if err != nil {
		return User{}, asFailure(err)
	}
	field := func(name string) *string {
		if value, ok := change[name]; ok {
			return &value
		}
		return nil
	}
	u, err := s.App.UpdateProfile.Do(ctx, app.UpdateProfileRequest{
		Caller: caller, Fullname: field("fullname"), Username: field("username"), Email: field("email"),
	})
	return asUser(u), asFailure(err)
}

func (s useCaseService) ChangeAvatar(ctx context.Context, accessToken string, image []byte) (User, error) {
	caller, err := s.caller(ctx, accessToken)
	if err != nil {
		return User{}, asFailure(err)
	}
	u, err := s.ChangeImage.Do(ctx, app.ChangeImageRequest{Caller: caller, Which: domain.Avatar, Data: image})
	return asUser(u), asFailure(err)
}

func (s useCaseService) ChangePassword(ctx context.Context, accessToken, from, to string) error {
	caller, err := s.caller(ctx, accessToken)
	if err != nil {
		return asFailure(err)
	}
	return asFailure(s.App.ChangePassword.Do(ctx, app.ChangePasswordRequest{
		Caller: caller, Old: domain.NewSecret(from), New: domain.NewSecret(to), Client: client,
	}))
}

func (s useCaseService) DeleteAccount(ctx context.Context, accessToken, password string) error {
	caller, err := s.caller(ctx, accessToken)
	if err != nil {
		return asFailure(err)
	}
	return asFailure(s.App.DeleteAccount.Do(ctx, app.DeleteAccountRequest{
		Caller: caller, Password: domain.NewSecret(password), Client: client,
	}))
}

func (s useCaseService) Sessions(ctx context.Context, accessToken string) ([]Session, error) {
	caller, err := s.caller(ctx, accessToken)
	if err != nil {
		return nil, asFailure(err)
	}
	found, err := s.ListSessions.Do(ctx, caller)
	var seen []Session
	for _, each := range found {
		seen = append(seen, asSession(each, caller.Session.ID))
	}
	return seen, asFailure(err)
}

func (s useCaseService) EndSession(ctx context.Context, accessToken, id string) error {
	caller, err := s.caller(ctx, accessToken)
	if err != nil {
		return asFailure(err)
	}
	return asFailure(s.App.EndSession.Do(ctx, app.EndSessionRequest{Caller: caller, ID: domain.SessionID(id), Client: client}))
}

func (s useCaseService) EndSessions(ctx context.Context, accessToken string, keepCurrent bool) (int, error) {
	caller, err := s.caller(ctx, accessToken)
	if err != nil {
		return 0, asFailure(err)
	}
	n, err := s.App.EndSessions.Do(ctx, app.EndSessionsRequest{Caller: caller, KeepCurrent: keepCurrent, Client: client})
	return n, asFailure(err)
}

func (s useCaseService) Image(ctx context.Context, address string) ([]byte, bool) {
	answer := httptest.NewRecorder()
	s.images.ServeHTTP(answer, httptest.NewRequestWithContext(ctx, http.MethodGet, address, nil))
	return answer.Body.Bytes(), answer.Code == http.StatusOK
}

func (s useCaseService) caller(ctx context.Context, accessToken string) (app.Caller, error) {
	return s.Authenticate.Do(ctx, domain.NewSecret(accessToken))
}

func asUser(u domain.User) User {
	return User{
		ID: string(u.ID), Username: u.Username.String(), Fullname: u.Fullname, Email: u.Email.String(),
		Avatar: u.Avatar, CoverImage: u.CoverImage, CreatedAt: u.CreatedAt, UpdatedAt: u.UpdatedAt,
	}
}

func asTokens(t app.Tokens) Tokens {
	return Tokens{t.Access.Reveal(), t.Refresh.Reveal(), t.Access.ExpiresAt, t.Refresh.ExpiresAt}
}

func asSession(s domain.Session, current domain.SessionID) Session {
	seen := Session{
		ID: string(s.ID), Current: s.ID == current,
		CreatedAt: s.CreatedAt, LastUsedAt: s.RotatedAt, ExpiresAt: s.ExpiresAt,
	}
	if s.Ended() {
		seen.EndedAt, seen.EndReason = &s.EndedAt, new(string(s.EndReason))
	}
	return seen
}

func asFailure(err error) error {
	known, ok := errors.AsType[*domain.Error](err)
	if !ok {
		return err
	}
	f := &Failure{Code: string(known.Code)}
	for _, field := range known.Fields {
		f.Fields = append(f.Fields, field.Field)
	}
	return f
}
