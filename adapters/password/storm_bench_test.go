package password

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/bcrypt"

	"github.com/latchkey-auth/latchkey/domain"
)

// hashing computes one hash, and returns when that is done, or refused.
type hashing func(context.Context) error

// BenchmarkTrivialRouteInAStorm is what a route that does nothing takes while 100 clients sign in, one after the other
// of each, and how many hashes a second these get. Give it one processor: taskset -c 0 go test -bench Storm.
func BenchmarkTrivialRouteInAStorm(b *testing.B) {
	cost, salt := DefaultArgon2, make([]byte, argon2SaltBytes)
	for _, algorithm := range []struct {
		name   string
		config Config
		plain  func()
	}{
		{"argon2id", Config{}, func() {
			argon2.IDKey([]byte("password"), salt, cost.Time, cost.Memory, cost.Threads, argon2KeyBytes)
		}},
		{"bcrypt", Config{Algorithm: Bcrypt}, func() {
			_, _ = bcrypt.GenerateFromPassword([]byte("password"), DefaultBcryptCost)
		}},
	} {
		b.Run(algorithm.name+"/unbounded", func(b *testing.B) {
			benchmarkStorm(b, func(context.Context) error { algorithm.plain(); return nil })
		})
		b.Run(algorithm.name+"/bounded", func(b *testing.B) {
			workers := make(chan struct{}, processors())
			benchmarkStorm(b, func(context.Context) error {
				workers <- struct{}{}
				algorithm.plain()
				<-workers
				return nil
			})
		})
		b.Run(algorithm.name+"/workers", func(b *testing.B) {
			requests := runtime.GOMAXPROCS(0)
			algorithm.config.Room = func(workers int) { runtime.GOMAXPROCS(requests + workers) } // as the program does
			hasher := open(b, algorithm.config)
			benchmarkStorm(b, func(ctx context.Context) error {
				_, err := hasher.Hash(ctx, network, secretPassword("password"))
				return err
			})
		})
	}
}

func benchmarkStorm(b *testing.B, hash hashing) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") }))
	defer server.Close()
	count, stop := storm(b.Context(), hash)
	defer stop()
	pace := time.NewTicker(2 * time.Millisecond) // else the requests alone would fill the processor, with nothing left for hashes
	defer pace.Stop()
	var took []time.Duration
	began, before := time.Now(), count.Load()
	for b.Loop() {
		<-pace.C
		began := time.Now()
		answer, err := server.Client().Get(server.URL)
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, answer.Body)
		_ = answer.Body.Close()
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100])/float64(time.Millisecond), "p99-ms")
	b.ReportMetric(float64(count.Load()-before)/time.Since(began).Seconds(), "hashes/s")
}

// storm is 100 clients who hash until they are stopped, and come back when they are told to. It begins when one of them
// has been served.
func storm(ctx context.Context, hash hashing) (served *atomic.Int64, stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	served = new(atomic.Int64)
	begun := make(chan struct{})
	var once sync.Once
	var clients sync.WaitGroup
	for range 100 {
		clients.Go(func() {
			for ctx.Err() == nil {
				if busy, refused := errors.AsType[*domain.Error](hash(ctx)); refused {
					awaitOrEnd(ctx, busy.RetryAfter)
					continue
				}
				served.Add(1)
				once.Do(func() { close(begun) })
			}
		})
	}
	<-begun
	return served, func() { cancel(); clients.Wait() }
}

func awaitOrEnd(ctx context.Context, wait time.Duration) {
	select {
	case <-time.After(wait):
	case <-ctx.Done():
	}
}
