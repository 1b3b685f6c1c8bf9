package scenario

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
)

// HTTP is the Service of a server at a base URL, by the public API alone.
func HTTP(client *http.Client, base string) Service { return httpService{client, base} }

type httpService struct {
	client *http.Client
	base   string
}

func (s httpService) Register(ctx context.Context, r Registration) (User, error) {
	fields := map[string]string{"username": r.Username, "fullname": r.Fullname, "email": r.Email, "password": r.Password}
	if r.Avatar == nil && r.CoverImage == nil {
		return send[User](ctx, s.json("POST", "/register", "", fields))
	}
	return send[User](ctx, s.multipart("POST", "/register", "", fields, map[string][]byte{"avatar": r.Avatar, "coverImage": r.CoverImage}))
}

func (s httpService) Login(ctx context.Context, c Credentials) (SignedIn, error) {
	fields := map[string]string{"password": c.Password}
	if c.Email != "" {
		fields["email"] = c.Email
	}
	if c.Username != "" {
		fields["username"] = c.Username
	}
	return send[SignedIn](ctx, s.json("POST", "/login", "", fields))
}

func (s httpService) Refresh(ctx context.Context, refreshToken string) (Tokens, error) {
	return send[Tokens](ctx, s.json("POST", "/refresh-token", "", map[string]string{"refreshToken": refreshToken}))
}

func (s httpService) Logout(ctx context.Context, accessToken, refreshToken string) error {
	return void(send[struct{}](ctx, s.json("POST", "/logout", accessToken, map[string]string{"refreshToken": refreshToken})))
}

func (s httpService) Me(ctx context.Context, accessToken string) (User, error) {
	return send[User](ctx, s.json("GET", "/me", accessToken, nil))
}

func (s httpService) UpdateProfile(ctx context.Context, accessToken string, change map[string]string) (User, error) {
	return send[User](ctx, s.json("PATCH", "/me", accessToken, change))
}

func (s httpService) ChangeAvatar(ctx context.Context, accessToken string, image []byte) (User, error) {
	return send[User](ctx, s.multipart("PATCH", "/me/avatar", accessToken, nil, map[string][]byte{"avatar": image}))
}

func (s httpService) ChangePassword(ctx context.Context, accessToken, from, to string) error {
	return void(send[struct{}](ctx, s.json("POST", "/change-password", accessToken, map[string]string{"oldPassword": from, "newPassword": to})))
}

func (s httpService) DeleteAccount(ctx context.Context, accessToken, password string) error {
	return void(send[struct{}](ctx, s.json("DELETE", "/me", accessToken, map[string]string{"password": password})))
}

func (s httpService) Sessions(ctx context.Context, accessToken string) ([]Session, error) {
	return send[[]Session](ctx, s.json("GET", "/sessions", accessToken, nil))
}

func (s httpService) EndSession(ctx context.Context, accessToken, id string) error {
	return void(send[struct{}](ctx, s.json("DELETE", "/sessions/"+url.PathEscape(id), accessToken, nil)))
}

func (s httpService) EndSessions(ctx context.Context, accessToken string, keepCurrent bool) (int, error) {
	query := "?keep=none"
	if keepCurrent {
		query = "?keep=current"
	}
	data, err := send[struct{ Ended int }](ctx, s.json("DELETE", "/sessions"+query, accessToken, nil))
	return data.Ended, err
}

func (s httpService) Image(ctx context.Context, address string) ([]byte, bool) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, false
	}
	req, err := http.NewRequestWithContext(ctx, "GET", s.base+u.Path, nil)
	if err != nil {
		return nil, false
	}
	answer, err := s.client.Do(req)
	if err != nil {
		return nil, false
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	return data, err == nil && answer.StatusCode == http.StatusOK
}

// json makes a request with a JSON body; nil fields are no body.
func (s httpService) json(method, path, accessToken string, fields map[string]string) call {
	c := call{s, method, path, accessToken, "application/json", nil}
	if fields != nil {
		c.body, _ = json.Marshal(fields) // of strings: cannot fail
	}
	return c
}

// multipart makes a request with files; nil files are not sent.
func (s httpService) multipart(method, path, accessToken string, fields map[string]string, files map[string][]byte) call {
	var body bytes.Buffer
	w := multipart.NewWriter(&body) // into memory: cannot fail
	for name, value := range fields {
		_ = w.WriteField(name, value)
	}
	for name, file := range files {
		if file == nil {
			continue
		}
		part, _ := w.CreateFormFile(name, "../../etc/passwd") // no server should care
		_, _ = part.Write(file)
	}
	_ = w.Close()
	return call{s, method, path, accessToken, w.FormDataContentType(), body.Bytes()}
}

// call is a request to be sent.
type call struct {
	to                                     httpService
	method, path, accessToken, contentType string
	body                                   []byte
}

// envelope is the shape of every answer.
type envelope struct {
	StatusCode int
	Success    bool
	Message    string
	Data       json.RawMessage
	Code       string
	Errors     []struct{ Field, Message string }
}

// send sends a request, and checks of the answer what is true of every answer.
func send[T any](ctx context.Context, c call) (data T, err error) {
	req, err := http.NewRequestWithContext(ctx, c.method, c.to.base+"/api/v1/users"+c.path, bytes.NewReader(c.body))
	if err != nil {
		return data, err
	}
	if c.body != nil {
		req.Header.Set("Content-Type", c.contentType)
	}
	if c.accessToken != "" {
		req.Header.Set("Authorization", "Bearer "+c.accessToken)
	}
	answer, err := c.to.client.Do(req)
	if err != nil {
		return data, err
	}
	defer answer.Body.Close()
	var e envelope
	if err := json.NewDecoder(answer.Body).Decode(&e); err != nil {
		return data, fmt.Errorf("%s %s answers %s without an envelope: %w", c.method, c.path, answer.Status, err)
	}
	good := answer.StatusCode < 300
	if e.StatusCode != answer.StatusCode || e.Success != good || e.Message == "" ||
		answer.Header.Get("Cache-Control") != "no-store" || answer.Header.Get("X-Request-ID") == "" {
		return data, fmt.Errorf("%s %s answers %s with %+v, %v", c.method, c.path, answer.Status, e, answer.Header)
	}
	if good {
		return data, json.Unmarshal(e.Data, &data)
	}
	refused := &Failure{Code: e.Code}
	for _, each := range e.Errors {
		refused.Fields = append(refused.Fields, each.Field)
	}
	return data, refused
}

func void[T any](_ T, err error) error { return err }
