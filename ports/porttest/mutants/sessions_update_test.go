package mutants

import (
	"context"
	"reflect"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

func sessionsUpdateMutants() []mutant[openSessions] {
	return []mutant[openSessions]{
		by("Update/StoresEveryFieldAndTheNextVersion", "Update does not count", answeringSessions(func(s *domain.Session) {
			s.Version = min(s.Version, 1)
		})),
		by("Update/CanEmptyEveryOtherField", "Update leaves out what is empty", updatingSessions(leaveOutEmptyOfSession)),
		by("Update/NeverChangesCreatedAt", "Update changes CreatedAt", changesOnUpdate(func(stored, given *domain.Session) {
			stored.CreatedAt = given.CreatedAt
		})),
		by("Update/NeverChangesTheSeed", "Update changes the seed", changesOnUpdate(func(stored, given *domain.Session) {
			stored.Seed = given.Seed
		})),
		by("Update/LeavesOthersAlone", "Update writes to all sessions of the user", updatingSessions(updateAllOfUser)),
		by("Update/SameValueCountsAsAWrite", "the same value is not written", updatingSessions(skipTheSameSession)),
		by("Update/StaleVersionChangesNothing Races/OneWinnerOfACompareAndSwap Races/CountingLosesNothing Races/EndIsNeverLostToARotation",
			"the version is not checked", updatingSessions(overwriteSession)),
		by("Update/StaleVersionChangesNothing", "ErrStale comes after the write", updatingSessions(writeSessionThenSayStale)),
		by("Update/UnknownSessionIsNotFound Delete/DeletedSessionIsNotUpdated", "Update creates what is not there", updatingSessions(upsertSession)),
		by("Update/UnknownSessionIsNotFound Delete/DeletedSessionIsNotUpdated", "what is not there is stale", updatingSessions(staleForNone)),
		by("Update/AnothersSessionIsNotFound", "Update goes by the id alone", anothersToo("Update")),
	}
}

func leaveOutEmptyOfSession(ctx context.Context, whole ports.TokenStore, session domain.Session) error {
	if stored, err := whole.Get(ctx, session.UserID, session.ID); err == nil {
		for i := range reflect.TypeFor[domain.Session]().NumField() {
			if field := reflect.ValueOf(&session).Elem().Field(i); field.IsZero() {
				field.Set(reflect.ValueOf(stored).Field(i))
			}
		}
	}
	return whole.Update(ctx, session)
}

// changesOnUpdate answers sessions with something that the last Update gave and was not to write.
func changesOnUpdate(change func(stored, given *domain.Session)) openSessions {
	return brokenSessions(func(s *sessions) {
		given := map[domain.SessionID]domain.Session{}
		s.update = func(ctx context.Context, session domain.Session) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			given[session.ID] = session
			return s.TokenStore.Update(ctx, session)
		}
		s.get = func(ctx context.Context, userID domain.UserID, id domain.SessionID) (domain.Session, error) {
			session, err := s.TokenStore.Get(ctx, userID, id)
			s.mu.Lock()
			defer s.mu.Unlock()
			if last, ok := given[id]; ok {
				change(&session, &last)
			}
			return session, err
		}
	})
}

func updateAllOfUser(ctx context.Context, whole ports.TokenStore, session domain.Session) error {
	err := whole.Update(ctx, session)
	all, _ := whole.ByUser(ctx, session.UserID)
	for _, other := range all {
		if err == nil && other.ID != session.ID {
			other.UserAgent = session.UserAgent
			_ = whole.Update(ctx, other)
		}
	}
	return err
}

func skipTheSameSession(ctx context.Context, whole ports.TokenStore, session domain.Session) error {
	if stored, err := whole.Get(ctx, session.UserID, session.ID); err == nil && stored == session {
		return nil
	}
	return whole.Update(ctx, session)
}

func writeSessionThenSayStale(ctx context.Context, whole ports.TokenStore, session domain.Session) error {
	err := whole.Update(ctx, session)
	if err == ports.ErrStale {
		_ = overwriteSession(ctx, whole, session)
	}
	return err
}

func upsertSession(ctx context.Context, whole ports.TokenStore, session domain.Session) error {
	err := whole.Update(ctx, session)
	if err == ports.ErrNotFound {
		return whole.Create(ctx, session)
	}
	return err
}

func staleForNone(ctx context.Context, whole ports.TokenStore, session domain.Session) error {
	err := whole.Update(ctx, session)
	if err == ports.ErrNotFound {
		return ports.ErrStale
	}
	return err
}

func sessionsDeleteMutants() []mutant[openSessions] {
	return []mutant[openSessions]{
		by("Delete/RemovesEverySessionOfTheUser", "DeleteByUser ends the sessions", droppingSessions(endInstead)),
		by("Delete/NobodyIsNoError", "DeleteByUser of nobody is an error", droppingSessions(nobodyIsAnError)),
		by("Delete/LeavesOthersAlone", "DeleteByUser removes everybody's", anothersToo("DeleteByUser")),
		by("Delete/NewSessionsMayFollow", "who was deleted gets no sessions any more", barsTheDeleted()),
	}
}

func endInstead(ctx context.Context, whole ports.TokenStore, userID domain.UserID) error {
	all, err := whole.ByUser(ctx, userID)
	for _, session := range all {
		_ = whole.Update(ctx, session.End(domain.EndRevoked, session.RotatedAt))
	}
	return err
}

func nobodyIsAnError(ctx context.Context, whole ports.TokenStore, userID domain.UserID) error {
	if all, err := whole.ByUser(ctx, userID); err == nil && len(all) == 0 {
		return ports.ErrNotFound
	}
	return whole.DeleteByUser(ctx, userID)
}

func barsTheDeleted() openSessions {
	return brokenSessions(func(s *sessions) {
		deleted := map[domain.UserID]bool{}
		s.remove = func(ctx context.Context, userID domain.UserID) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			deleted[userID] = true
			return s.TokenStore.DeleteByUser(ctx, userID)
		}
		s.create = func(ctx context.Context, session domain.Session) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			if deleted[session.UserID] {
				return nil
			}
			return s.TokenStore.Create(ctx, session)
		}
	})
}
