package client

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
)

// transport is the http.RoundTripper of a Client.
type transport struct {
	client  *Client
	base    http.RoundTripper
	origins map[string]bool
}

var _ http.RoundTripper = (*transport)(nil)

// RoundTrip sends a request with the access token, and once more with a new one where the first has expired. When there is
// no new one, its error is that of the refresh.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if !t.origins[originOf(req.URL)] || req.Header.Get("Authorization") != "" {
		return t.base.RoundTrip(req)
	}
	tokens, err := t.client.tokens.Load(req.Context())
	if err == nil && !repeatable(req) && t.client.expired(tokens) {
		tokens, err = t.client.refresh(req.Context(), tokens.AccessToken) // there is one attempt only
	}
	if err != nil {
		closeBody(req)
		return nil, err
	}
	resp, err := t.base.RoundTrip(withToken(req, tokens.AccessToken))
	if err != nil || tokens.RefreshToken == "" || !repeatable(req) || !tokenExpired(resp) {
		return resp, err
	}
	_ = resp.Body.Close()
	return t.repeat(req, tokens.AccessToken)
}

// repeat sends a request again, with the token that follows the one that was used.
func (t *transport) repeat(req *http.Request, used string) (*http.Response, error) {
	tokens, err := t.client.refresh(req.Context(), used)
	if err != nil {
		return nil, err
	}
	again := withToken(req, tokens.AccessToken)
	if req.GetBody != nil {
		if again.Body, err = req.GetBody(); err != nil {
			return nil, err
		}
	}
	return t.base.RoundTrip(again)
}

// repeatable reports whether a request can be sent twice.
func repeatable(req *http.Request) bool {
	return req.Body == nil || req.Body == http.NoBody || req.GetBody != nil
}

// withToken is a copy of a request, which is not for a RoundTripper to change.
func withToken(req *http.Request, token string) *http.Request {
	out := req.Clone(req.Context())
	if token != "" {
		out.Header.Set("Authorization", "Bearer "+token)
	}
	return out
}

func closeBody(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
}

// expired reports whether an access token has expired by this machine's clock, and there can be another.
func (c *Client) expired(t Tokens) bool {
	return t.RefreshToken != "" && !t.AccessTokenExpiresAt.IsZero() && !c.now().Before(t.AccessTokenExpiresAt)
}

// invalidToken is how other services refuse an expired token, among others (RFC 6750, section 3.1).
var invalidToken = regexp.MustCompile(`(?i)\bbearer\b.*\berror="?invalid_token\b`)

// tokenExpired reports whether an answer is a refusal that a new access token may cure. The answer can be read afterwards.
func tokenExpired(resp *http.Response) bool {
	if resp.StatusCode != http.StatusUnauthorized {
		return false
	}
	for _, challenge := range resp.Header.Values("WWW-Authenticate") {
		if invalidToken.MatchString(challenge) {
			return true
		}
	}
	head, err := io.ReadAll(io.LimitReader(resp.Body, maxRefusalBytes))
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(head), failing{err}, resp.Body), resp.Body}
	var said envelope
	return json.Unmarshal(head, &said) == nil && said.Code == CodeTokenExpired
}

// maxRefusalBytes bounds what is looked at of a refusal.
const maxRefusalBytes = 64 << 10

// failing ends in an error that was met before, if there was one.
type failing struct{ err error }

// Read answers the error, or that there is nothing.
func (f failing) Read([]byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	return 0, io.EOF
}
