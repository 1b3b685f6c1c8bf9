package accesstoken

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/singleflight"
)

// Introspection is how Latchkey is asked whether a session is alive (RFC 7662).
type Introspection struct {
	// ClientID and ClientSecret are an entry of Latchkey's OAUTH_CLIENTS.
	ClientID, ClientSecret string
	// CacheFor is how long an answer is gone by, and so how long after its end a session may still be taken for alive.
	// Zero asks for each request.
	CacheFor time.Duration
}

// Format hides the secret, whatever the verb.
func (i Introspection) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "client "+i.ClientID) }

// maxAnswers bounds the answers that are kept; the least recently used go first.
const maxAnswers = 10_000

// sessions knows, by asking, of which tokens the sessions are alive.
type sessions struct {
	authenticate func(*http.Request) // holds the secret, where printing by reflection shows nothing
	cacheFor     time.Duration
	client       *http.Client
	address      string
	now          func() time.Time
	answers      *lru.Cache[string, verdict]
	flight       singleflight.Group
}

// verdict is an answer.
type verdict struct {
	active bool
	until  time.Time
}

func newSessions(how Introspection, client *http.Client, address string, now func() time.Time) (*sessions, error) {
	if how.ClientID == "" || how.ClientSecret == "" || how.CacheFor < 0 {
		return nil, errors.New("accesstoken: Introspection needs ClientID and ClientSecret, and no negative CacheFor")
	}
	answers, err := lru.New[string, verdict](maxAnswers)
	authenticate := func(r *http.Request) { // RFC 6749, section 2.3.1
		r.SetBasicAuth(url.QueryEscape(how.ClientID), url.QueryEscape(how.ClientSecret))
	}
	return &sessions{authenticate: authenticate, cacheFor: how.CacheFor, client: client, address: address, now: now, answers: answers}, err
}

// alive is ErrInactive for a token whose session is over. The token's id is believed, so its signature was checked.
func (s *sessions) alive(ctx context.Context, tokenID, token string) error {
	known, ok := s.answers.Get(tokenID)
	if !ok || !s.now().Before(known.until) {
		var err error
		if known, err = s.askOnce(ctx, tokenID, token); err != nil {
			return err
		}
	}
	if !known.active {
		return ErrInactive
	}
	return nil
}

// askOnce asks once for all who ask at the same time, where answers are kept at all.
func (s *sessions) askOnce(ctx context.Context, tokenID, token string) (verdict, error) {
	if s.cacheFor == 0 {
		return s.ask(ctx, token) // an answer to who asked before is older than the question
	}
	done := s.flight.DoChan(tokenID, func() (any, error) {
		asked := s.now()
		said, err := s.ask(context.WithoutCancel(ctx), token)
		if err == nil {
			said.until = asked.Add(s.cacheFor)
			s.answers.Add(tokenID, said)
		}
		return said, err
	})
	select {
	case result := <-done:
		return result.Val.(verdict), result.Err
	case <-ctx.Done():
		return verdict{}, fmt.Errorf("%w: %w", ErrUnavailable, ctx.Err())
	}
}

// ask asks. Who gets no answer knows nothing, and lets nobody in.
func (s *sessions) ask(ctx context.Context, token string) (verdict, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	form := url.Values{"token": {token}, "token_type_hint": {"access_token"}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.address, strings.NewReader(form.Encode()))
	if err != nil {
		return verdict{}, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	s.authenticate(req)
	var said struct {
		Active bool `json:"active"`
	}
	if err := answer(s.client, req, &said); err != nil {
		return verdict{}, fmt.Errorf("%w: introspecting: %w", ErrUnavailable, err)
	}
	return verdict{active: said.Active}, nil
}
