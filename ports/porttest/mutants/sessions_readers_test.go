package mutants

import (
	"context"
	"slices"
	"sync"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// showsHalf lets readers see an Update of which only the texts are written.
func showsHalf() openSessions {
	return brokenSessions(func(s *sessions) {
		var half sync.Map
		s.update = func(ctx context.Context, session domain.Session) error {
			half.Store(session.ID, session.UserAgent)
			defer half.Delete(session.ID)
			pause()
			return s.TokenStore.Update(ctx, session)
		}
		s.get = func(ctx context.Context, userID domain.UserID, id domain.SessionID) (domain.Session, error) {
			session, err := s.TokenStore.Get(ctx, userID, id)
			if written, ok := half.Load(id); ok {
				session.UserAgent = written.(string)
			}
			return session, err
		}
	})
}

// everyThirdGetIsLate has three replicas that take turns, one of which is some writes behind.
func everyThirdGetIsLate() openSessions {
	return brokenSessions(func(s *sessions) {
		log := map[domain.SessionID][]domain.Session{}
		reads := 0
		s.update = func(ctx context.Context, session domain.Session) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			stored, _ := s.TokenStore.Get(ctx, session.UserID, session.ID)
			err := s.TokenStore.Update(ctx, session)
			if err == nil {
				log[session.ID] = append(log[session.ID], stored)
			}
			return err
		}
		s.get = func(ctx context.Context, userID domain.UserID, id domain.SessionID) (domain.Session, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			reads++
			if old := log[id]; len(old) > 0 && reads%3 == 0 {
				return old[max(0, len(old)-behind)], nil
			}
			return s.TokenStore.Get(ctx, userID, id)
		}
	})
}

// cachesLists remembers a user's sessions until one is created.
func cachesLists() openSessions {
	return brokenSessions(func(s *sessions) {
		var cache sync.Map
		s.byUser = func(ctx context.Context, userID domain.UserID) ([]domain.Session, error) {
			if all, ok := cache.Load(userID); ok {
				return slices.Clone(all.([]domain.Session)), nil
			}
			all, err := s.TokenStore.ByUser(ctx, userID)
			if err == nil {
				cache.Store(userID, slices.Clone(all))
			}
			return all, err
		}
		s.create = func(ctx context.Context, session domain.Session) error {
			defer cache.Delete(session.UserID)
			return s.TokenStore.Create(ctx, session)
		}
	})
}

// leaveHalfASession writes in two steps, and looks at the context in between.
func leaveHalfASession(ctx context.Context, whole ports.TokenStore, session domain.Session) error {
	stored, err := whole.Get(ctx, session.UserID, session.ID)
	if err != nil || stored.Version != session.Version {
		return whole.Update(ctx, session)
	}
	stored.UserAgent = session.UserAgent
	pause()
	if ctx.Err() == nil {
		return whole.Update(ctx, session)
	}
	_ = whole.Update(context.WithoutCancel(ctx), stored)
	return ports.Unavailable(ctx.Err())
}

// sayDone has queued the write, so it thinks, and a context that ends takes it out of the queue.
func sayDone(ctx context.Context, whole ports.TokenStore, session domain.Session) error {
	stored, err := whole.Get(ctx, session.UserID, session.ID)
	if err != nil || stored.Version != session.Version {
		return whole.Update(ctx, session)
	}
	pause()
	if ctx.Err() != nil {
		return nil
	}
	return whole.Update(ctx, session)
}

func sessionsContextMutants() []mutant[openSessions] {
	return []mutant[openSessions]{
		by("Contexts/EndedContextCreatesNothing", "Create ignores its context", creatingSessions(
			func(ctx context.Context, whole ports.TokenStore, session domain.Session) error {
				return whole.Create(context.WithoutCancel(ctx), session)
			})),
		by("Contexts/EndedContextCreatesNothing", "a Create that was cancelled happens all the same", creatingSessions(
			func(ctx context.Context, whole ports.TokenStore, session domain.Session) error {
				_ = whole.Create(context.WithoutCancel(ctx), session)
				if ctx.Err() != nil {
					return ports.Unavailable(ctx.Err())
				}
				return nil
			})),
		by("Contexts/EndedContextReadsNothing", "Get ignores its context", gettingSessions(
			func(ctx context.Context, whole ports.TokenStore, userID domain.UserID, id domain.SessionID) (domain.Session, error) {
				return whole.Get(context.WithoutCancel(ctx), userID, id)
			})),
		by("Contexts/EndedContextReadsNothing", "ByUser answers none when its context has ended", listingSessions(
			func(ctx context.Context, whole ports.TokenStore, userID domain.UserID) ([]domain.Session, error) {
				if ctx.Err() != nil {
					return nil, nil
				}
				return whole.ByUser(ctx, userID)
			})),
		by("Contexts/EndedContextUpdatesNothing", "Update hides why it is unavailable", updatingSessions(
			func(ctx context.Context, whole ports.TokenStore, session domain.Session) error {
				if ctx.Err() != nil {
					return ports.ErrUnavailable
				}
				return whole.Update(ctx, session)
			})),
		by("Contexts/EndedContextDeletesNothing", "DeleteByUser ignores its context", droppingSessions(
			func(ctx context.Context, whole ports.TokenStore, userID domain.UserID) error {
				return whole.DeleteByUser(context.WithoutCancel(ctx), userID)
			})),
	}
}
