package compare

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/latchkey-auth/latchkey/tests/load/drive"
	"github.com/latchkey-auth/latchkey/tests/load/service"
)

// Of the many, those who signed in make the rate, and all others are errors.
func TestACrowdCountsSignIns(t *testing.T) {
	var asked atomic.Int64
	var once sync.Once
	enough := make(chan struct{})
	everySecond := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n := asked.Add(1)
		if n > 2*stormClients {
			once.Do(func() { close(enough) })
		}
		if n%2 == 0 {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		_, _ = fmt.Fprint(w, `{"access_token":"a","refresh_token":"r"}`)
	}))
	defer everySecond.Close()
	c := signInAllAlong(t.Context(), &server{service: service.GinJWT(), addr: everySecond.Listener.Addr().String(), clients: make([]*drive.Client, 1)})
	<-enough
	tally := c.end().Tallies[drive.Login]
	if n := asked.Load(); c.done.Load() != (n+1)/2 || tally.Bad() != n/2 {
		t.Errorf("%d asked, %d signed in, %d errors", n, c.done.Load(), tally.Bad())
	}
}
