package mutants

import (
	"context"
	"slices"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/memory"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// until is when a method forgets a session, which was created as born and is stored as it is now.
type until func(method string, born, stored domain.Session) time.Time

// forgets opens a store that keeps sessions for ever, and whose methods forget them as until says.
func forgets(until until) openSessions {
	return func(now func() time.Time) ports.TokenStore {
		long := time.Time{}.AddDate(-1, 0, 0)
		return wrecked(memory.NewSessions(func() time.Time { return long }), now, func(s *sessions) { s.forget(until) })
	}
}

func (s *sessions) forget(until until) {
	born := map[domain.SessionID]domain.Session{}
	forgotten := func(method string, session domain.Session) bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return !s.now().Before(until(method, born[session.ID], session))
	}
	s.create = func(ctx context.Context, session domain.Session) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		born[session.ID] = session
		return s.TokenStore.Create(ctx, session)
	}
	s.get = func(ctx context.Context, userID domain.UserID, id domain.SessionID) (domain.Session, error) {
		session, err := s.TokenStore.Get(ctx, userID, id)
		if err == nil && forgotten("Get", session) {
			return domain.Session{}, ports.ErrNotFound
		}
		return session, err
	}
	s.update = func(ctx context.Context, session domain.Session) error {
		stored, err := s.TokenStore.Get(ctx, session.UserID, session.ID)
		if err == nil && forgotten("Update", stored) {
			return ports.ErrNotFound
		}
		return s.TokenStore.Update(ctx, session)
	}
	s.byUser = func(ctx context.Context, userID domain.UserID) ([]domain.Session, error) {
		all, err := s.TokenStore.ByUser(ctx, userID)
		return slices.DeleteFunc(all, func(session domain.Session) bool { return forgotten("ByUser", session) }), err
	}
}

func sessionsExpiryMutants() []mutant[openSessions] {
	return append(untimelyMutants(),
		by("Expiry/ForgottenIsNotFoundRatherThanStale", "looks at the version before the expiry", looksAtVersionFirst()),
		by("Expiry/ForgottenStaysForgotten", "Update judges by the new expiry", judgesByTheNew()),
		by("Expiry/ForgottenOnesDoNotHideOthers", "ByUser stops at the first that is forgotten", stopsAtForgotten()),
		by("Expiry/ForgottenOnesCanBeDeleted", "DeleteByUser refuses what is forgotten", cannotDeleteForgotten()),
		by("Expiry/CreatedTooLateIsAbsent", "what is created too late stays for ever", forgets(func(_ string, born, stored domain.Session) time.Time {
			if !born.CreatedAt.Before(born.ExpiresAt.Add(-2 * time.Hour)) {
				return stored.KeptUntil().AddDate(9000, 0, 0)
			}
			return stored.KeptUntil()
		})),
		by("Expiry/CreatedTooLateIsAbsent", "Create refuses what is over", refusesTooLate()),
		by("Expiry/UpdateProlongs Expiry/UpdateShortens", "the expiry is set by Create alone", forgets(expiryOfBirth)),
		by("Expiry/UpdateProlongs", "the expiry never grows", forgets(func(_ string, born, stored domain.Session) time.Time {
			return earlier(born.KeptUntil(), stored.KeptUntil())
		})),
		by("Expiry/UpdateShortens", "the expiry only grows", forgets(func(_ string, born, stored domain.Session) time.Time {
			return later(born.KeptUntil(), stored.KeptUntil())
		})),
		by("Expiry/ChangedLivesHoldUpNobodys", "sweeps in the order in which sessions were made", sweepsInOrderOfBirth()),
		by("Expiry/EndingProlongs", "an ended session goes when it would have expired, if that is sooner",
			forgets(func(_ string, _, stored domain.Session) time.Time {
				return earlier(stored.ExpiresAt, stored.KeptUntil())
			})),
		by("Expiry/EndingShortens", "an ended session stays until it would have expired",
			forgets(func(_ string, _, stored domain.Session) time.Time { return later(stored.ExpiresAt, stored.KeptUntil()) })),
		by("Expiry/GetForgetsTheEndedOnTime Expiry/EndingProlongs", "an ended session is gone at once",
			forgets(func(_ string, _, stored domain.Session) time.Time {
				if stored.Ended() {
					return stored.EndedAt
				}
				return stored.ExpiresAt
			})),
	)
}

// untimelyMutants forget in one method, the living or the ended, a millisecond late or early.
func untimelyMutants() (all []mutant[openSessions]) {
	for _, method := range []string{"Get", "ByUser", "Update"} {
		for state, ended := range map[string]bool{"Living": false, "Ended": true} {
			for when, off := range map[string]time.Duration{"late": time.Millisecond, "early": -time.Millisecond} {
				untimely := func(asked string, _, stored domain.Session) time.Time {
					if asked == method && stored.Ended() == ended {
						return stored.KeptUntil().Add(off)
					}
					return stored.KeptUntil()
				}
				rule := "Expiry/" + method + "ForgetsThe" + state + "OnTime"
				all = append(all, by(rule, method+" forgets the "+state+" a millisecond "+when, forgets(untimely)))
			}
		}
	}
	return all
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// expiryOfBirth goes by what Create was given, as long as the session has not ended.
func expiryOfBirth(_ string, born, stored domain.Session) time.Time {
	if stored.Ended() {
		return stored.KeptUntil()
	}
	return born.KeptUntil()
}

func onTime(_ string, _, stored domain.Session) time.Time { return stored.KeptUntil() }

// forgetsBut forgets on time, and wreck replaces a method after that.
func forgetsBut(wreck func(s *sessions)) openSessions {
	return func(now func() time.Time) ports.TokenStore {
		s := forgets(onTime)(now).(*sessions)
		wreck(s)
		return s
	}
}

func looksAtVersionFirst() openSessions {
	return forgetsBut(func(s *sessions) {
		update := s.update
		s.update = func(ctx context.Context, session domain.Session) error {
			if stored, err := s.TokenStore.Get(ctx, session.UserID, session.ID); err == nil && stored.Version != session.Version {
				return ports.ErrStale
			}
			return update(ctx, session)
		}
	})
}

func judgesByTheNew() openSessions {
	return forgetsBut(func(s *sessions) {
		s.update = func(ctx context.Context, session domain.Session) error {
			if !s.now().Before(session.KeptUntil()) {
				return ports.ErrNotFound
			}
			return s.TokenStore.Update(ctx, session)
		}
	})
}

func stopsAtForgotten() openSessions {
	return forgetsBut(func(s *sessions) {
		s.byUser = func(ctx context.Context, userID domain.UserID) ([]domain.Session, error) {
			all, err := s.TokenStore.ByUser(ctx, userID)
			for i, session := range all {
				if !s.now().Before(session.KeptUntil()) {
					return all[:i], err
				}
			}
			return all, err
		}
	})
}

func cannotDeleteForgotten() openSessions {
	return forgetsBut(func(s *sessions) {
		s.remove = func(ctx context.Context, userID domain.UserID) error {
			all, _ := s.TokenStore.ByUser(ctx, userID)
			for _, session := range all {
				if !s.now().Before(session.KeptUntil()) {
					return ports.ErrNotFound
				}
			}
			return s.TokenStore.DeleteByUser(ctx, userID)
		}
	})
}

func refusesTooLate() openSessions {
	return forgetsBut(func(s *sessions) {
		create := s.create
		s.create = func(ctx context.Context, session domain.Session) error {
			if !s.now().Before(session.KeptUntil()) {
				return domain.Invalid("expiresAt", "is over")
			}
			return create(ctx, session)
		}
	})
}

// sweepsInOrderOfBirth forgets a session when it is over, and so are all that were made before it.
func sweepsInOrderOfBirth() openSessions {
	return func(now func() time.Time) ports.TokenStore {
		var all []domain.Session
		return wrecked(forgets(func(_ string, _, stored domain.Session) time.Time {
			last := stored.KeptUntil()
			for _, other := range all {
				if other.ID == stored.ID {
					break
				}
				last = later(last, other.KeptUntil())
			}
			return last
		})(now), now, func(s *sessions) {
			s.create = func(ctx context.Context, session domain.Session) error {
				all = append(all, session)
				return s.TokenStore.Create(ctx, session)
			}
			s.update = func(ctx context.Context, session domain.Session) error {
				err := s.TokenStore.Update(ctx, session)
				for i := range all {
					if all[i].ID == session.ID && err == nil {
						all[i] = session
					}
				}
				return err
			}
		})
	}
}
