package accesstoken

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"
)

const (
	// keepFor is how long keys are gone by without looking again. Latchkey publishes a key for as long before it signs, so
	// that in a rotation nobody meets a key that they do not know; one that was withdrawn is accepted for no longer.
	keepFor = 5 * time.Minute
	// outageFor is how long keys serve while Latchkey cannot be reached.
	outageFor = time.Hour
	// fetchEvery bounds how often forged key ids and failures make anybody fetch.
	fetchEvery = 10 * time.Second
	// fetchTimeout bounds one fetch, and so how long a request waits for it.
	fetchTimeout = 5 * time.Second
)

// keySet is the issuer's public keys. However many need them at once, one fetches.
type keySet struct {
	client  *http.Client
	address string
	now     func() time.Time
	state   atomic.Pointer[fetched]
	flight  singleflight.Group
}

// fetched is what is known of the keys. Times are zero where it never happened.
type fetched struct {
	keys map[string]ed25519.PublicKey
	read time.Time // when the keys were read
	done time.Time // when the last fetch ended, well or not
	err  error     // of the last fetch
}

func newKeySet(client *http.Client, address string, now func() time.Time) *keySet {
	s := &keySet{client: client, address: address, now: now}
	s.state.Store(&fetched{})
	return s
}

// find is the key of that id. One that is unknown, or was read too long ago, is looked for.
func (s *keySet) find(ctx context.Context, id string) (ed25519.PublicKey, error) {
	state := s.state.Load()
	if key, ok := state.keys[id]; ok && s.within(state.read, keepFor) {
		return key, nil
	}
	state, err := s.fetchOnce(ctx)
	if err != nil {
		return nil, err
	}
	key, ok := state.keys[id]
	switch {
	case ok && s.within(state.read, outageFor):
		return key, nil
	case state.err != nil: // it may be one of the keys that could not be read
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, state.err)
	}
	return nil, ErrInvalid
}

// fetchOnce is what is known after the next fetch, or at once where the last one was just now.
func (s *keySet) fetchOnce(ctx context.Context) (*fetched, error) {
	done := s.flight.DoChan("", func() (any, error) {
		if state := s.state.Load(); s.within(state.done, fetchEvery) {
			return state, nil
		}
		// Others wait for this fetch too, so it does not end with the request that began it.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchTimeout)
		defer cancel()
		next := s.next(ctx)
		s.state.Store(next)
		return next, nil
	})
	select {
	case result := <-done:
		return result.Val.(*fetched), nil
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, ctx.Err())
	}
}

// next fetches. The keys of before stay where that fails, and otherwise go.
func (s *keySet) next(ctx context.Context) *fetched {
	asked := s.now()
	keys, err := fetchKeys(ctx, s.client, s.address)
	if err != nil {
		last := s.state.Load()
		return &fetched{last.keys, last.read, s.now(), err}
	}
	return &fetched{keys, asked, s.now(), nil}
}

// within reports whether something happened less than d ago. What seems to come from the future was so by a clock that
// has been put back since, and says nothing.
func (s *keySet) within(at time.Time, d time.Duration) bool {
	age := s.now().Sub(at)
	return age >= 0 && age < d
}
