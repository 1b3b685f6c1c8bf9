// Package client speaks with Latchkey's API. A Client is one person's: it keeps their tokens, adds the access token to
// requests and refreshes it when it has expired, once for all requests that meet that at the same time.
package client

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// Config says where Latchkey is and who keeps the tokens. Only URL is needed.
type Config struct {
	// URL is Latchkey's PUBLIC_URL, or wherever else it is reached.
	URL string
	// Origins are the other services that get the access token from the Transport, as "https://shop.example.org". No
	// other address ever does.
	Origins []string
	// Tokens keeps the tokens; in memory where nil.
	Tokens TokenStore
	// Transport sends requests; http.DefaultTransport where nil.
	Transport http.RoundTripper
	// Now is the time; time.Now where nil.
	Now func() time.Time
}

// Client is one person's access to the API. It is safe for concurrent use.
type Client struct {
	api        *url.URL
	tokens     TokenStore
	now        func() time.Time
	plain      *http.Client // sends no access token by itself
	authorized *http.Client
	transport  *transport
	refreshing singleflight.Group
	saving     sync.Mutex // what was looked at is what is replaced
}

// New makes a Client.
func New(cfg Config) (*Client, error) {
	base, err := parseOrigin(cfg.URL)
	if err != nil {
		return nil, err
	}
	origins := map[string]bool{originOf(base): true}
	for _, each := range cfg.Origins {
		u, err := parseOrigin(each)
		if err != nil {
			return nil, err
		}
		origins[originOf(u)] = true
	}
	if cfg.Tokens == nil {
		cfg.Tokens = &MemoryTokens{}
	}
	if cfg.Transport == nil {
		cfg.Transport = http.DefaultTransport
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	c := &Client{api: base.JoinPath("/api/v1/users"), tokens: cfg.Tokens, now: cfg.Now, plain: noRedirects(cfg.Transport)}
	c.transport = &transport{client: c, base: cfg.Transport, origins: origins}
	c.authorized = noRedirects(c.transport)
	return c, nil
}

// Transport adds the access token to requests to Latchkey and to Config.Origins, and refreshes it when the answer is that
// it has expired. It is for an http.Client of the program's own.
func (c *Client) Transport() http.RoundTripper { return c.transport }

// noRedirects follows none: the API has none, and what is sent holds secrets.
func noRedirects(t http.RoundTripper) *http.Client {
	return &http.Client{Transport: t, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func parseOrigin(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("client: %q is no http or https URL", address)
	}
	return u, nil
}

// originOf is scheme, host and port, in one spelling (RFC 6454, section 4).
func originOf(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return u.Scheme + "://" + strings.ToLower(u.Hostname()) + ":" + port
}
