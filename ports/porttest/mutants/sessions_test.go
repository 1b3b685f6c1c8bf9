package mutants

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/memory"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// sessions is a healthy store, of which a mutant replaces some methods. What it remembers is guarded by mu.
type sessions struct {
	ports.TokenStore
	now            func() time.Time
	create, update func(ctx context.Context, session domain.Session) error
	get            func(ctx context.Context, userID domain.UserID, id domain.SessionID) (domain.Session, error)
	byUser         func(ctx context.Context, userID domain.UserID) ([]domain.Session, error)
	remove         func(ctx context.Context, userID domain.UserID) error
	mu             sync.Mutex
}

// Create implements ports.TokenStore.
func (s *sessions) Create(ctx context.Context, session domain.Session) error {
	return s.create(ctx, session)
}

// Update implements ports.TokenStore.
func (s *sessions) Update(ctx context.Context, session domain.Session) error {
	return s.update(ctx, session)
}

// Get implements ports.TokenStore.
func (s *sessions) Get(ctx context.Context, userID domain.UserID, id domain.SessionID) (domain.Session, error) {
	return s.get(ctx, userID, id)
}

// ByUser implements ports.TokenStore.
func (s *sessions) ByUser(ctx context.Context, userID domain.UserID) ([]domain.Session, error) {
	return s.byUser(ctx, userID)
}

// DeleteByUser implements ports.TokenStore.
func (s *sessions) DeleteByUser(ctx context.Context, userID domain.UserID) error {
	return s.remove(ctx, userID)
}

// brokenSessions opens stores in which wreck has replaced what it wrecks. The embedded one stays as it is.
func brokenSessions(wreck func(s *sessions)) openSessions {
	return func(now func() time.Time) ports.TokenStore { return wrecked(memory.NewSessions(now), now, wreck) }
}

func wrecked(whole ports.TokenStore, now func() time.Time, wreck func(s *sessions)) *sessions {
	s := &sessions{
		TokenStore: whole, now: now,
		create: whole.Create, update: whole.Update, get: whole.Get, byUser: whole.ByUser, remove: whole.DeleteByUser,
	}
	wreck(s)
	return s
}

// storingSessions changes sessions on their way into the store.
func storingSessions(change func(session *domain.Session)) openSessions {
	return brokenSessions(func(s *sessions) {
		s.create = func(ctx context.Context, session domain.Session) error {
			change(&session)
			return s.TokenStore.Create(ctx, session)
		}
		s.update = func(ctx context.Context, session domain.Session) error {
			change(&session)
			return s.TokenStore.Update(ctx, session)
		}
	})
}

// answeringSessions changes sessions on their way out of the store.
func answeringSessions(change func(session *domain.Session)) openSessions {
	return brokenSessions(func(s *sessions) {
		s.get = func(ctx context.Context, userID domain.UserID, id domain.SessionID) (domain.Session, error) {
			session, err := s.TokenStore.Get(ctx, userID, id)
			if err == nil {
				change(&session)
			}
			return session, err
		}
		s.byUser = func(ctx context.Context, userID domain.UserID) ([]domain.Session, error) {
			all, err := s.TokenStore.ByUser(ctx, userID)
			for i := range all {
				change(&all[i])
			}
			return all, err
		}
	})
}

// The methods that a mutant replaces, given the healthy store.
type (
	writeSession func(ctx context.Context, whole ports.TokenStore, session domain.Session) error
	readSession  func(ctx context.Context, whole ports.TokenStore, userID domain.UserID, id domain.SessionID) (domain.Session, error)
	listSessions func(ctx context.Context, whole ports.TokenStore, userID domain.UserID) ([]domain.Session, error)
	dropSessions func(ctx context.Context, whole ports.TokenStore, userID domain.UserID) error
)

func creatingSessions(create writeSession) openSessions {
	return brokenSessions(func(s *sessions) {
		s.create = func(ctx context.Context, session domain.Session) error { return create(ctx, s.TokenStore, session) }
	})
}

func updatingSessions(update writeSession) openSessions {
	return brokenSessions(func(s *sessions) {
		s.update = func(ctx context.Context, session domain.Session) error { return update(ctx, s.TokenStore, session) }
	})
}

func gettingSessions(get readSession) openSessions {
	return brokenSessions(func(s *sessions) {
		s.get = func(ctx context.Context, userID domain.UserID, id domain.SessionID) (domain.Session, error) {
			return get(ctx, s.TokenStore, userID, id)
		}
	})
}

func listingSessions(list listSessions) openSessions {
	return brokenSessions(func(s *sessions) {
		s.byUser = func(ctx context.Context, userID domain.UserID) ([]domain.Session, error) {
			return list(ctx, s.TokenStore, userID)
		}
	})
}

func droppingSessions(drop dropSessions) openSessions {
	return brokenSessions(func(s *sessions) {
		s.remove = func(ctx context.Context, userID domain.UserID) error { return drop(ctx, s.TokenStore, userID) }
	})
}

// overwriteSession writes whatever the version is.
func overwriteSession(ctx context.Context, whole ports.TokenStore, session domain.Session) error {
	for {
		stored, err := whole.Get(ctx, session.UserID, session.ID)
		if err != nil {
			return err
		}
		session.Version = stored.Version
		if err := whole.Update(ctx, session); err != ports.ErrStale {
			return err
		}
	}
}

// compareThenSwap compares, and then swaps.
func compareThenSwap(ctx context.Context, whole ports.TokenStore, session domain.Session) error {
	stored, err := whole.Get(ctx, session.UserID, session.ID)
	switch {
	case err != nil:
		return err
	case stored.Version != session.Version:
		return ports.ErrStale
	}
	pause()
	return overwriteSession(ctx, whole, session)
}

// sorted answers the sessions in another order.
func sorted(order func(a, b domain.Session) int) openSessions {
	return listingSessions(func(ctx context.Context, whole ports.TokenStore, userID domain.UserID) ([]domain.Session, error) {
		all, err := whole.ByUser(ctx, userID)
		slices.SortStableFunc(all, order)
		return all, err
	})
}
