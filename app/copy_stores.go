package app

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// copiers is how many values are under way at once, so that an engine which commits in groups has groups to commit.
const copiers = 64

// CopyStores copies users and sessions from one pair of stores to another, without logging anyone out. It may be broken
// off and run again, any number of times: what is there already is left alone, unless it is older.
type CopyStores struct {
	FromUsers    ports.UserLister
	FromSessions ports.SessionLister
	ToUsers      ports.UserRepository
	ToSessions   ports.TokenStore
	// DryRun finds out what would be done, and does nothing.
	DryRun bool
	Now    func() time.Time
	// Progress is told of every value that was dealt with, from many goroutines; nil is nobody.
	Progress func()
}

// CopyReport says what was done, and how the two sides compare afterwards.
type CopyReport struct {
	Users    Copied
	Sessions Copied
}

// Copied counts the values of one kind.
type Copied struct {
	Written int // created or brought up to date
	Same    int // there already
	Newer   int // left alone, because the target is ahead
	// From and To sum up the source, and what the target has in its place once the value was copied and read back.
	// What the target has newer is in neither.
	From Checksum
	To   Checksum
}

// Checksum is a count of values and a sum over them that does not depend on their order.
type Checksum struct {
	Count int
	Sum   uint64
}

// String is the count and the sum.
func (c Checksum) String() string { return fmt.Sprintf("%d, checksum %016x", c.Count, c.Sum) }

// Equal reports whether both sides hold the same, but for what the target has newer.
func (c Copied) Equal() bool { return c.From == c.To }

// Do copies, users first. An email or a username that somebody else has in the target ends it with
// domain.CodeUserExists, naming the id.
func (uc CopyStores) Do(ctx context.Context) (report CopyReport, err error) {
	if report.Users, err = copyAll(ctx, uc, uc.FromUsers.All, uc.users()); err != nil {
		return report, fmt.Errorf("users: %w", err)
	}
	if report.Sessions, err = copyAll(ctx, uc, uc.FromSessions.All, uc.sessions()); err != nil {
		return report, fmt.Errorf("sessions: %w", err)
	}
	return report, nil
}

// copyAll copies every value with one, many at once.
func copyAll[T any](ctx context.Context, uc CopyStores, all func(context.Context) iter.Seq2[T, error], to target[T]) (Copied, error) {
	var (
		mu    sync.Mutex
		total Copied
	)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(copiers)
	for value, err := range all(ctx) {
		if err != nil {
			return total, errors.Join(group.Wait(), err)
		}
		group.Go(func() error {
			done, err := to.copy(ctx, value, uc.DryRun)
			if err != nil {
				return fmt.Errorf("%s: %w", to.name(value), err)
			}
			mu.Lock()
			defer mu.Unlock()
			total.add(done)
			if uc.Progress != nil {
				uc.Progress()
			}
			return nil
		})
	}
	return total, group.Wait()
}

// users is the target of users.
func (uc CopyStores) users() target[domain.User] {
	return target[domain.User]{
		read:   func(ctx context.Context, u domain.User) (domain.User, error) { return uc.ToUsers.ByID(ctx, u.ID) },
		create: uc.ToUsers.Create,
		update: func(ctx context.Context, u, over domain.User) error {
			u.Version = over.Version
			return uc.ToUsers.Update(ctx, u)
		},
		name:   func(u domain.User) string { return string(u.ID) },
		newer:  domain.User.NewerThan,
		over:   func(domain.User) bool { return false },
		encode: encodeUser,
	}
}

// sessions is the target of sessions.
func (uc CopyStores) sessions() target[domain.Session] {
	return target[domain.Session]{
		read: func(ctx context.Context, s domain.Session) (domain.Session, error) {
			return uc.ToSessions.Get(ctx, s.UserID, s.ID)
		},
		create: uc.ToSessions.Create,
		update: func(ctx context.Context, s, over domain.Session) error {
			s.Version = over.Version
			return uc.ToSessions.Update(ctx, s)
		},
		name:   func(s domain.Session) string { return string(s.ID) },
		newer:  domain.Session.NewerThan,
		over:   func(s domain.Session) bool { return !uc.Now().Before(s.KeptUntil()) },
		encode: encodeSession,
	}
}
