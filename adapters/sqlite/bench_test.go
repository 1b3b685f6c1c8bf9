package sqlite

import (
	"fmt"
	"sync"
	"testing"

	"github.com/latchkey-auth/latchkey/domain"
)

// clients is how many callers the parallel benchmarks have.
const clients = 64

// client does the same thing again and again.
type client func() error

// measure runs a client alone, then many at once, and reports how many commits each call costs.
func measure(b *testing.B, newClient func(b *testing.B, db *DB, name string) client) {
	for _, n := range []int{1, clients} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			db := openAt(b, newPath(b), atBirth)
			all := make([]client, n)
			for i := range all {
				all[i] = newClient(b, db, fmt.Sprint(i))
			}
			commits := 0
			onCommit(b, db, func() int32 { commits++; return 0 })
			b.ReportAllocs()
			b.ResetTimer()
			var running sync.WaitGroup
			for i, do := range all {
				running.Go(func() {
					for range (b.N + i) / n { // b.N in all
						if err := do(); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			running.Wait()
			commits-- // that of the hook's own registration
			b.ReportMetric(float64(commits)/float64(b.N), "commits/op")
		})
	}
}

func BenchmarkCreateSession(b *testing.B) {
	measure(b, func(b *testing.B, db *DB, name string) client {
		user := newUser(name)
		return func() error { return db.Sessions().Create(b.Context(), newSession(user)) }
	})
}

func BenchmarkUpdateSession(b *testing.B) {
	measure(b, func(b *testing.B, db *DB, name string) client {
		s := newSession(newUser(name))
		check(b, db.Sessions().Create(b.Context(), s))
		return func() error {
			s.Generation++
			err := db.Sessions().Update(b.Context(), s)
			s.Version++
			return err
		}
	})
}

func BenchmarkGetSession(b *testing.B) {
	measure(b, func(b *testing.B, db *DB, name string) client {
		s := newSession(newUser(name))
		check(b, db.Sessions().Create(b.Context(), s))
		return func() error {
			_, err := db.Sessions().Get(b.Context(), s.UserID, s.ID)
			return err
		}
	})
}

func BenchmarkCreateUser(b *testing.B) {
	measure(b, func(b *testing.B, db *DB, name string) client {
		n := 0
		return func() error {
			n++
			return db.Users().Create(b.Context(), newUser(fmt.Sprint(name, "-", n)))
		}
	})
}

func BenchmarkUpdateUser(b *testing.B) {
	measure(b, func(b *testing.B, db *DB, name string) client {
		u := newUser(name)
		check(b, db.Users().Create(b.Context(), u))
		return func() error {
			err := db.Users().Update(b.Context(), u)
			u.Version++
			return err
		}
	})
}

func BenchmarkGetUser(b *testing.B) {
	measure(b, func(b *testing.B, db *DB, name string) client {
		u := newUser(name)
		check(b, db.Users().Create(b.Context(), u))
		return func() error {
			_, err := db.Users().ByID(b.Context(), u.ID)
			return err
		}
	})
}

func BenchmarkGetUserByLogin(b *testing.B) {
	measure(b, func(b *testing.B, db *DB, name string) client {
		u := newUser(name)
		check(b, db.Users().Create(b.Context(), u))
		return func() error {
			_, err := db.Users().ByLogin(b.Context(), domain.Login{Email: u.Email})
			return err
		}
	})
}

func BenchmarkCaller(b *testing.B) {
	measure(b, func(b *testing.B, db *DB, name string) client {
		u := newUser(name)
		s := newSession(u)
		check(b, db.Users().Create(b.Context(), u))
		check(b, db.Sessions().Create(b.Context(), s))
		return func() error {
			_, _, err := db.Caller(b.Context(), u.ID, s.ID)
			return err
		}
	})
}
