package mutants

import (
	"context"
	"runtime"
	"slices"
	"sync"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

func sessionsRaceMutants() []mutant[openSessions] {
	return []mutant[openSessions]{
		by("Races/OneWinnerOfACompareAndSwap Races/CountingLosesNothing Races/EndIsNeverLostToARotation Linearizable/CompareAndSwap",
			"compares, and then swaps", updatingSessions(compareThenSwap)),
		by("Races/UpdateNeverBringsBackTheDeleted Linearizable/SessionsOfAUser", "looks whether the session is there, and then writes",
			looksThenPuts()),
		by("Races/CreatesAtOnceAllStay", "Create writes the list of the user anew", rewritesTheList()),
		by("Races/DeleteSparesCreatesOfAnother", "DeleteByUser writes what it keeps of all users", keepsOthersAsTheyWere()),
		by("Races/DeleteIsOneInstantAmongCreates", "DeleteByUser misses one that is created meanwhile", missesOne()),
		by("Linearizable/SessionsOfAUser", "DeleteByUser removes one after the other", deletesOneByOne()),
		by("Races/ReadersSeeWholeWritesInOrder", "shows a write that is half done", showsHalf()),
		by("Races/ReadersSeeWholeWritesInOrder Linearizable/CompareAndSwap", "every third read is late", everyThirdGetIsLate()),
		by("Linearizable/SessionsOfAUser", "ByUser answers what it saw the last time", cachesLists()),
		by("Linearizable/WithContextsThatEnd", "leaves half a write when its context ends", updatingSessions(leaveHalfASession)),
		by("Linearizable/WithContextsThatEnd", "says that a write is done which its context has ended", updatingSessions(sayDone)),
	}
}

// looksThenPuts writes what it has seen to be there, though it is deleted meanwhile.
func looksThenPuts() openSessions {
	return brokenSessions(func(s *sessions) {
		deletes := 0
		s.remove = func(ctx context.Context, userID domain.UserID) error {
			err := s.TokenStore.DeleteByUser(ctx, userID)
			s.count(&deletes, 1)
			return err
		}
		s.update = func(ctx context.Context, session domain.Session) error {
			stored, err := s.TokenStore.Get(ctx, session.UserID, session.ID)
			if err != nil || stored.Version != session.Version {
				return s.TokenStore.Update(ctx, session)
			}
			s.waitFor(&deletes, 1)
			if err := s.TokenStore.Update(ctx, session); err != ports.ErrNotFound {
				return err
			}
			return s.TokenStore.Create(ctx, session)
		}
	})
}

// rewritesTheList reads which sessions a user has, and writes that list with one more.
func rewritesTheList() openSessions {
	return brokenSessions(func(s *sessions) {
		lists := map[domain.UserID][]domain.SessionID{}
		list := func(userID domain.UserID) []domain.SessionID {
			s.mu.Lock()
			defer s.mu.Unlock()
			return slices.Clone(lists[userID])
		}
		s.create = func(ctx context.Context, session domain.Session) error {
			old := list(session.UserID)
			pause()
			s.mu.Lock()
			defer s.mu.Unlock()
			lists[session.UserID] = append(old, session.ID)
			return s.TokenStore.Create(ctx, session)
		}
		s.byUser = func(ctx context.Context, userID domain.UserID) ([]domain.Session, error) {
			all, err := s.TokenStore.ByUser(ctx, userID)
			listed := list(userID)
			return slices.DeleteFunc(all, func(session domain.Session) bool { return !slices.Contains(listed, session.ID) }), err
		}
	})
}

// keepsOthersAsTheyWere reads everything, leaves out the user's and writes the rest, and with it drops what came meanwhile.
func keepsOthersAsTheyWere() openSessions {
	return brokenSessions(func(s *sessions) {
		var created, deleting int
		gone := map[domain.SessionID]bool{}
		s.create = func(ctx context.Context, session domain.Session) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			created++
			if deleting > 0 {
				gone[session.ID] = true
			}
			return s.TokenStore.Create(ctx, session)
		}
		s.byUser = func(ctx context.Context, userID domain.UserID) ([]domain.Session, error) {
			all, err := s.TokenStore.ByUser(ctx, userID)
			s.mu.Lock()
			defer s.mu.Unlock()
			return slices.DeleteFunc(all, func(session domain.Session) bool { return gone[session.ID] }), err
		}
		s.remove = func(ctx context.Context, userID domain.UserID) error {
			s.count(&deleting, 1)
			defer s.count(&deleting, -1)
			s.waitFor(&created, 1)
			return s.TokenStore.DeleteByUser(ctx, userID)
		}
	})
}

// count adds to what is guarded by mu.
func (s *sessions) count(n *int, by int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*n += by
}

// waitFor waits until n has grown by so many, or nobody seems to be there who makes it grow.
func (s *sessions) waitFor(n *int, by int) {
	grown := func() int {
		s.mu.Lock()
		defer s.mu.Unlock()
		return *n
	}
	want := grown() + by
	for turn := 0; turn < turns && grown() < want; turn++ {
		runtime.Gosched()
	}
}

// missesOne removes what there is at the end, but for the first that came after the beginning.
func missesOne() openSessions {
	return brokenSessions(func(s *sessions) {
		var created int
		s.create = func(ctx context.Context, session domain.Session) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			created++
			return s.TokenStore.Create(ctx, session)
		}
		s.remove = func(ctx context.Context, userID domain.UserID) error {
			before, _ := s.TokenStore.ByUser(ctx, userID)
			s.waitFor(&created, 2)
			s.mu.Lock()
			defer s.mu.Unlock()
			after, err := s.TokenStore.ByUser(ctx, userID)
			if err != nil {
				return err
			}
			_ = s.TokenStore.DeleteByUser(ctx, userID)
			if first := len(after) - len(before) - 1; first >= 0 {
				return s.TokenStore.Create(ctx, after[first])
			}
			return nil
		}
	})
}

// deletesOneByOne lets readers in between.
func deletesOneByOne() openSessions {
	return brokenSessions(func(s *sessions) {
		var deleted sync.Map
		s.remove = func(ctx context.Context, userID domain.UserID) error {
			all, err := s.TokenStore.ByUser(ctx, userID)
			for _, session := range all {
				deleted.Store(session.ID, true)
				pause()
			}
			return err
		}
		s.get = func(ctx context.Context, userID domain.UserID, id domain.SessionID) (domain.Session, error) {
			if _, gone := deleted.Load(id); gone {
				return domain.Session{}, ports.ErrNotFound
			}
			return s.TokenStore.Get(ctx, userID, id)
		}
		s.update = func(ctx context.Context, session domain.Session) error {
			if _, gone := deleted.Load(session.ID); gone {
				return ports.ErrNotFound
			}
			return s.TokenStore.Update(ctx, session)
		}
		s.byUser = func(ctx context.Context, userID domain.UserID) ([]domain.Session, error) {
			all, err := s.TokenStore.ByUser(ctx, userID)
			return slices.DeleteFunc(all, func(session domain.Session) bool {
				_, gone := deleted.Load(session.ID)
				return gone
			}), err
		}
	})
}
