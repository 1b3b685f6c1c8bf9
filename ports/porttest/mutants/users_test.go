package mutants

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/latchkey-auth/latchkey/adapters/memory"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// users is a healthy repository, of which a mutant replaces some methods. What it remembers is guarded by mu.
type users struct {
	ports.UserRepository
	create, update func(ctx context.Context, u domain.User) error
	byID           func(ctx context.Context, id domain.UserID) (domain.User, error)
	byLogin        func(ctx context.Context, login domain.Login) (domain.User, error)
	remove         func(ctx context.Context, id domain.UserID) error
	mu             sync.Mutex
}

// Create implements ports.UserRepository.
func (s *users) Create(ctx context.Context, u domain.User) error { return s.create(ctx, u) }

// Update implements ports.UserRepository.
func (s *users) Update(ctx context.Context, u domain.User) error { return s.update(ctx, u) }

// ByID implements ports.UserRepository.
func (s *users) ByID(ctx context.Context, id domain.UserID) (domain.User, error) {
	return s.byID(ctx, id)
}

// ByLogin implements ports.UserRepository.
func (s *users) ByLogin(ctx context.Context, login domain.Login) (domain.User, error) {
	return s.byLogin(ctx, login)
}

// Delete implements ports.UserRepository.
func (s *users) Delete(ctx context.Context, id domain.UserID) error { return s.remove(ctx, id) }

// brokenUsers opens repositories in which wreck has replaced what it wrecks. The embedded one stays as it is.
func brokenUsers(wreck func(s *users)) openUsers {
	return func() ports.UserRepository {
		whole := memory.NewUsers()
		s := &users{
			UserRepository: whole,
			create:         whole.Create, update: whole.Update, byID: whole.ByID, byLogin: whole.ByLogin, remove: whole.Delete,
		}
		wreck(s)
		return s
	}
}

// storing changes users on their way into the store.
func storing(change func(u *domain.User)) openUsers {
	return brokenUsers(func(s *users) {
		s.create = func(ctx context.Context, u domain.User) error {
			change(&u)
			return s.UserRepository.Create(ctx, u)
		}
		s.update = func(ctx context.Context, u domain.User) error {
			change(&u)
			return s.UserRepository.Update(ctx, u)
		}
	})
}

// answering changes users on their way out of the store.
func answering(change func(u *domain.User)) openUsers {
	return brokenUsers(func(s *users) {
		s.byID = func(ctx context.Context, id domain.UserID) (domain.User, error) {
			u, err := s.UserRepository.ByID(ctx, id)
			if err == nil {
				change(&u)
			}
			return u, err
		}
		s.byLogin = func(ctx context.Context, login domain.Login) (domain.User, error) {
			u, err := s.UserRepository.ByLogin(ctx, login)
			if err == nil {
				change(&u)
			}
			return u, err
		}
	})
}

// creating replaces Create, given the healthy repository.
func creating(create func(ctx context.Context, whole ports.UserRepository, u domain.User) error) openUsers {
	return brokenUsers(func(s *users) {
		s.create = func(ctx context.Context, u domain.User) error { return create(ctx, s.UserRepository, u) }
	})
}

// updating replaces Update, given the healthy repository.
func updating(update func(ctx context.Context, whole ports.UserRepository, u domain.User) error) openUsers {
	return brokenUsers(func(s *users) {
		s.update = func(ctx context.Context, u domain.User) error { return update(ctx, s.UserRepository, u) }
	})
}

// lookingUp replaces ByLogin, given the healthy repository.
func lookingUp(byLogin func(ctx context.Context, whole ports.UserRepository, login domain.Login) (domain.User, error)) openUsers {
	return brokenUsers(func(s *users) {
		s.byLogin = func(ctx context.Context, login domain.Login) (domain.User, error) {
			return byLogin(ctx, s.UserRepository, login)
		}
	})
}

// removing replaces Delete, given the healthy repository.
func removing(remove func(ctx context.Context, whole ports.UserRepository, id domain.UserID) error) openUsers {
	return brokenUsers(func(s *users) {
		s.remove = func(ctx context.Context, id domain.UserID) error { return remove(ctx, s.UserRepository, id) }
	})
}

// turns is how often others are let go first before nobody seems to come.
const turns = 100_000

// arrivals counts those who came to a pause.
var arrivals atomic.Int64

// pause opens a window: it lasts until somebody else comes to one, or nobody seems to.
func pause() {
	mine := arrivals.Add(1)
	for range turns {
		if arrivals.Load() > mine {
			return
		}
		runtime.Gosched()
	}
}

// overwrite writes whatever the version is.
func overwrite(ctx context.Context, whole ports.UserRepository, u domain.User) error {
	for {
		stored, err := whole.ByID(ctx, u.ID)
		if err != nil {
			return err
		}
		u.Version = stored.Version
		if err := whole.Update(ctx, u); err != ports.ErrStale {
			return err
		}
	}
}
