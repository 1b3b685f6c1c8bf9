package drive_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/tests/load/drive"
	"github.com/latchkey-auth/latchkey/tests/load/service"
)

// rotating is a service that takes each refresh token once.
type rotating struct {
	mu     sync.Mutex
	newest int
	asked  atomic.Int64
}

func (s *rotating) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.asked.Add(1)
	body := make([]byte, r.ContentLength)
	_, _ = r.Body.Read(body)
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.URL.Path == "/refresh" && !strings.Contains(string(body), fmt.Sprintf("%q", fmt.Sprint("r", s.newest))) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	s.newest++
	_, _ = fmt.Fprintf(w, `{"access_token":"a%d","refresh_token":"r%d"}`, s.newest, s.newest)
}

func clientsOf(t *testing.T, h http.Handler, n int) []*drive.Client {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	clients := drive.NewClients(service.GinJWT(), server.Listener.Addr().String(), n, n)
	t.Cleanup(func() { drive.CloseAll(clients) })
	return clients
}

// Each refresh is made with the token that the one before answered.
func TestRefreshesChain(t *testing.T) {
	clients := clientsOf(t, &rotating{}, 1)
	if err := drive.SignInAll(t.Context(), clients); err != nil {
		t.Fatal(err)
	}
	load := drive.Load{Groups: []drive.Group{{Clients: clients, Ops: []drive.Op{drive.Refresh}}}, For: time.Minute, Requests: 50}
	result := drive.Run(t.Context(), load, nil)
	if bad := result.Tallies[drive.Refresh]; bad.Done() != 50 || bad.Bad() != 0 {
		t.Errorf("%d done: %s", bad.Done(), bad.Errors())
	}
	if got := clients[0].Tokens.Refresh; got != "r51" {
		t.Errorf("the newest token is %s, want r51", got)
	}
}

// No more requests are sent than are allowed, however many clients there are.
func TestRequestsAreBounded(t *testing.T) {
	s := &rotating{}
	load := drive.Load{Groups: []drive.Group{{Clients: clientsOf(t, s, 8), Ops: []drive.Op{drive.Me}}}, For: time.Minute, Requests: 100}
	result := drive.Run(t.Context(), load, nil)
	if s.asked.Load() != 100 || result.Tallies[drive.Me].Done() != 100 {
		t.Errorf("%d sent, %d counted", s.asked.Load(), result.Tallies[drive.Me].Done())
	}
}

// A service that stands still to the end has the requests counted that could not even be sent.
func TestStandstillIsCounted(t *testing.T) {
	const lasts, standstill = 200 * time.Millisecond, 300 * time.Millisecond
	stands := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-time.After(standstill) })
	load := drive.Load{
		Groups: []drive.Group{{Clients: clientsOf(t, stands, 1), Ops: []drive.Op{drive.Me}, Every: lasts / 20}},
		For:    lasts,
	}
	tally := drive.Run(t.Context(), load, nil).Tallies[drive.Me]
	if tally.Done() != 0 {
		t.Errorf("%d done in time", tally.Done())
	}
	// Half of them were due in the first half of the time, and would not have been answered before the standstill was over.
	if tally.At(50) < standstill-lasts/2 || tally.At(100) < standstill {
		t.Errorf("p50 %v, max %v", tally.At(50), tally.At(100))
	}
}

// Who is told to come back later does not come back at once.
func TestRetryAfterIsHonoured(t *testing.T) {
	var asked atomic.Int64
	busy := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	ctx, cancel := context.WithCancel(t.Context())
	clients := clientsOf(t, busy, 3)
	load := drive.Load{Groups: []drive.Group{{Clients: clients, Ops: []drive.Op{drive.Login}, Watch: func(drive.Op, time.Time, time.Duration, drive.Answer) {
		if asked.Load() == 3 {
			cancel()
		}
	}}}, For: time.Minute}
	result := drive.Run(ctx, load, nil)
	if asked.Load() != 3 || result.Bad() != 3 {
		t.Errorf("%d asked, %s", asked.Load(), result.Tallies[drive.Login].Errors())
	}
}

// A connection that was closed is opened anew, and what was lost with it is an error: also for clients that do not sleep.
func TestClosedConnectionsAreOpenedAnew(t *testing.T) {
	for _, busyPoll := range []bool{false, true} {
		var asked atomic.Int64
		breaks := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			if asked.Add(1) == 2 {
				panic(http.ErrAbortHandler)
			}
		})
		group := drive.Group{Clients: clientsOf(t, breaks, 1), Ops: []drive.Op{drive.Me}, BusyPoll: busyPoll}
		tally := drive.Run(t.Context(), drive.Load{Groups: []drive.Group{group}, For: time.Minute, Requests: 4}, nil).Tallies[drive.Me]
		if tally.Done() != 3 || tally.Bad() != 1 {
			t.Errorf("without sleep %t: %d done, %s", busyPoll, tally.Done(), tally.Errors())
		}
	}
}

// Clients that do not sleep read answers that come in pieces, to the end.
func TestBusyPollReadsPieces(t *testing.T) {
	const pieces = 5
	piecemeal := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for range pieces {
			_, _ = io.WriteString(w, strings.Repeat("a piece ", 512))
			w.(http.Flusher).Flush()
		}
	})
	group := drive.Group{Clients: clientsOf(t, piecemeal, 8), Ops: []drive.Op{drive.Me}, BusyPoll: true}
	tally := drive.Run(t.Context(), drive.Load{Groups: []drive.Group{group}, For: time.Minute, Requests: 40}, nil).Tallies[drive.Me]
	if tally.Done() != 40 {
		t.Errorf("%d done: %s", tally.Done(), tally.Errors())
	}
}
