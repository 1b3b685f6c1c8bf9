package app_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var errBroken = errors.New("injected: something broke")

// faults notes every call of a port, and makes one of them fail.
type faults struct {
	mu    sync.Mutex
	calls []string
	// at is which call fails, counted from 1; 0 is none.
	at int
	// err is what it fails with.
	err error
	// done says that it fails after it has taken effect: the answer is lost, not the request.
	done bool
	// down says that every call after it of the same port fails too, so that what is cleared up is cut off half-way.
	down bool
	// hang is for how long a call that is to fail keeps its caller waiting.
	hang time.Duration
	// leave, where set, is called instead of failing: the client goes away.
	leave context.CancelFunc
	// before runs once, right before the call of that name: a racing writer.
	before map[string]func()
}

// through makes a call, unless it is to fail.
func (f *faults) through(name string, call func() error) error {
	f.mu.Lock()
	f.calls = append(f.calls, name)
	n := len(f.calls)
	race := f.before[name]
	delete(f.before, name)
	f.mu.Unlock()

	if race != nil {
		race()
	}
	switch {
	case n != f.at && !f.isDown(n, name):
		return call()
	case f.leave != nil:
		f.leave()
		return call()
	case f.done && n == f.at:
		_ = call()
	}
	time.Sleep(f.hang)
	return f.err
}

// isDown reports whether a call fails because an earlier one of its port did.
func (f *faults) isDown(n int, name string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.down || f.at == 0 || n < f.at {
		return false
	}
	return port(f.calls[f.at-1]) == port(name)
}

func port(call string) string {
	name, _, _ := strings.Cut(call, ".")
	return name
}

// answer makes a call that answers something, unless it is to fail.
func answer[T any](f *faults, name string, call func() (T, error)) (T, error) {
	var value T
	err := f.through(name, func() (err error) { value, err = call(); return err })
	return value, err
}

func (f *faults) reset() {
	f.calls, f.at, f.err, f.done, f.down, f.hang, f.leave, f.before = nil, 0, nil, false, false, 0, nil, nil
}

// race has a writer come in right before a call.
func (f *faults) race(name string, writer func()) {
	f.before = map[string]func(){name: writer}
}

func (f *faults) count(name string) (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, call := range f.calls {
		if call == name {
			n++
		}
	}
	return n
}

// fault is one way for a call to fail.
type fault struct {
	name  string
	err   error
	done  bool
	down  bool
	leave bool
}

var everyFault = []fault{
	{name: "unavailable", err: ports.Unavailable(errBroken)},
	{name: "unavailable, but done", err: ports.Unavailable(errBroken), done: true},
	{name: "broken", err: errBroken},
	{name: "broken, but done", err: errBroken, done: true},
	{name: "down from then on", err: ports.Unavailable(errBroken), down: true},
	{name: "down from then on, but done", err: ports.Unavailable(errBroken), done: true, down: true},
	{name: "client gone", leave: true},
}

// failEach runs a use case in new worlds, in which one call of a port after the other fails, in one way after the other,
// until every call has failed once. It returns the calls of an undisturbed run.
func failEach(t *testing.T, world func(*testing.T) *world, run func(context.Context, *world) error, check func(*testing.T, *world, string, error)) []string {
	t.Helper()
	undisturbed := world(t)
	undisturbed.faults.reset()
	must(t, run(t.Context(), undisturbed))
	calls := slices.Clone(undisturbed.faults.calls)
	for _, fault := range everyFault {
		for i, call := range calls {
			if fault.done && call == "images.Put" {
				continue // nobody but the store can find what it kept and gave no reference to
			}
			t.Run(call+" "+fault.name, func(t *testing.T) {
				w := world(t)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				w.faults.reset()
				w.faults.at, w.faults.err, w.faults.done, w.faults.down = i+1, fault.err, fault.done, fault.down
				if fault.leave {
					w.faults.leave = cancel
				}
				err := run(ctx, w)
				w.Wait()
				w.down = fault.down
				w.faults.reset()
				check(t, w, call, err)
			})
		}
	}
	return calls
}

type faultyUsers struct {
	ports.UserRepository
	*faults
}

func (f faultyUsers) Create(ctx context.Context, u domain.User) error {
	return f.through("users.Create", func() error { return f.UserRepository.Create(ctx, u) })
}

func (f faultyUsers) ByID(ctx context.Context, id domain.UserID) (domain.User, error) {
	return answer(f.faults, "users.ByID", func() (domain.User, error) { return f.UserRepository.ByID(ctx, id) })
}

func (f faultyUsers) ByLogin(ctx context.Context, login domain.Login) (domain.User, error) {
	return answer(f.faults, "users.ByLogin", func() (domain.User, error) { return f.UserRepository.ByLogin(ctx, login) })
}

func (f faultyUsers) Update(ctx context.Context, u domain.User) error {
	return f.through("users.Update", func() error { return f.UserRepository.Update(ctx, u) })
}

func (f faultyUsers) Delete(ctx context.Context, id domain.UserID) error {
	return f.through("users.Delete", func() error { return f.UserRepository.Delete(ctx, id) })
}

type faultySessions struct {
	ports.TokenStore
	*faults
}

func (f faultySessions) Create(ctx context.Context, s domain.Session) error {
	return f.through("sessions.Create", func() error { return f.TokenStore.Create(ctx, s) })
}

func (f faultySessions) Get(ctx context.Context, userID domain.UserID, id domain.SessionID) (domain.Session, error) {
	return answer(f.faults, "sessions.Get", func() (domain.Session, error) { return f.TokenStore.Get(ctx, userID, id) })
}

func (f faultySessions) Update(ctx context.Context, s domain.Session) error {
	return f.through("sessions.Update", func() error { return f.TokenStore.Update(ctx, s) })
}

func (f faultySessions) ByUser(ctx context.Context, userID domain.UserID) ([]domain.Session, error) {
	return answer(f.faults, "sessions.ByUser", func() ([]domain.Session, error) { return f.TokenStore.ByUser(ctx, userID) })
}

func (f faultySessions) DeleteByUser(ctx context.Context, userID domain.UserID) error {
	return f.through("sessions.DeleteByUser", func() error { return f.TokenStore.DeleteByUser(ctx, userID) })
}

type faultyHasher struct {
	ports.PasswordHasher
	*faults
}

func (f faultyHasher) Hash(ctx context.Context, network string, p domain.Password) (domain.Secret, error) {
	return answer(f.faults, "hasher.Hash", func() (domain.Secret, error) { return f.PasswordHasher.Hash(ctx, network, p) })
}

func (f faultyHasher) Verify(ctx context.Context, network string, p domain.Password, hash domain.Secret) (ok, outdated bool, err error) {
	err = f.through("hasher.Verify", func() error { ok, outdated, err = f.PasswordHasher.Verify(ctx, network, p, hash); return err })
	return ok, outdated, err
}

type faultyIssuer struct {
	ports.TokenIssuer
	*faults
}

func (f faultyIssuer) IssueAccess(u domain.User, s domain.Session, now time.Time) (domain.Token, error) {
	return answer(f.faults, "issuer.IssueAccess", func() (domain.Token, error) { return f.TokenIssuer.IssueAccess(u, s, now) })
}

func (f faultyIssuer) IssueRefresh(s domain.Session) (domain.Token, error) {
	return answer(f.faults, "issuer.IssueRefresh", func() (domain.Token, error) { return f.TokenIssuer.IssueRefresh(s) })
}

type faultyImages struct {
	ports.ImageStore
	*faults
}

func (f faultyImages) Put(ctx context.Context, field string, data []byte) (string, error) {
	return answer(f.faults, "images.Put", func() (string, error) { return f.ImageStore.Put(ctx, field, data) })
}

func (f faultyImages) Delete(ctx context.Context, ref string) error {
	return f.through("images.Delete", func() error { return f.ImageStore.Delete(ctx, ref) })
}

type faultyThrottle struct {
	ports.Throttle
	*faults
	name string
}

func (f faultyThrottle) Check(ctx context.Context, key string) (time.Duration, error) {
	return answer(f.faults, f.name+".Check", func() (time.Duration, error) { return f.Throttle.Check(ctx, key) })
}

func (f faultyThrottle) Count(ctx context.Context, key string) (time.Duration, error) {
	return answer(f.faults, f.name+".Count", func() (time.Duration, error) { return f.Throttle.Count(ctx, key) })
}
