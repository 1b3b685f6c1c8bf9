package mutants

import (
	"cmp"
	"context"
	"reflect"
	"slices"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

func sessionsMutants() []mutant[openSessions] {
	return slices.Concat(sessionsFieldMutants(), sessionsValueMutants(), sessionsReadMutants(), sessionsUpdateMutants(),
		sessionsDeleteMutants(), sessionsExpiryMutants(), sessionsContextMutants(), sessionsRaceMutants())
}

// sessionsFieldMutants lose each field there is, on the way out and in an Update.
func sessionsFieldMutants() (all []mutant[openSessions]) {
	fields := reflect.TypeFor[domain.Session]()
	for i := range fields.NumField() {
		name := fields.Field(i).Name
		ends := name == "EndedAt" || name == "EndReason"
		lose := func(session *domain.Session) { reflect.ValueOf(session).Elem().Field(i).SetZero() }
		lostBy := "Create/KeepsEveryField"
		if ends {
			lostBy = "Create/KeepsAnEndedSession Read/ByUserIncludesTheEnded"
		}
		all = append(all, by(lostBy, "loses "+name, answeringSessions(lose)))
		switch name {
		case "ID", "UserID", "Seed", "CreatedAt", "Version":
			continue // for Update changes none of them as it is told to
		}
		forget := func(ctx context.Context, whole ports.TokenStore, session domain.Session) error {
			if stored, err := whole.Get(ctx, session.UserID, session.ID); err == nil {
				reflect.ValueOf(&session).Elem().Field(i).Set(reflect.ValueOf(stored).Field(i))
			}
			return whole.Update(ctx, session)
		}
		forgottenBy := "Update/StoresEveryFieldAndTheNextVersion"
		if ends {
			forgottenBy = "Update/KeepsHowTheSessionEnded"
		}
		all = append(all, by(forgottenBy, "Update forgets "+name, updatingSessions(forget)))
	}
	return all
}

func eachSessionText(change func(string) string) func(session *domain.Session) {
	return func(s *domain.Session) {
		s.UserAgent, s.IP, s.EndReason = change(s.UserAgent), change(s.IP), domain.EndReason(change(string(s.EndReason)))
	}
}

func eachSessionTime(change func(time.Time) time.Time) func(session *domain.Session) {
	return func(s *domain.Session) {
		for _, at := range []*time.Time{&s.CreatedAt, &s.RotatedAt, &s.ExpiresAt, &s.EndedAt} {
			*at = change(*at)
		}
	}
}

func sessionsValueMutants() []mutant[openSessions] {
	texts, times := "Values/OddTextsComeBackByteForByte", "Values/TimesToTheMillisecondInUTC"
	return []mutant[openSessions]{
		by(texts, "normalises texts", storingSessions(eachSessionText(norm.NFC.String))),
		by(texts, "trims texts", storingSessions(eachSessionText(trimmed))),
		by(texts, "knows no characters past the first plane", storingSessions(eachSessionText(firstPlane))),
		by("Values/LongTextsComeBackWhole", "cuts texts at 255 bytes", storingSessions(eachSessionText(cut))),
		by("Values/SeedsOfAnyBytes", "takes a seed for text that ends with a zero byte", storingSessions(cutSeed)),
		by("Values/NumbersToTheirEnds", "counts in floating point", storingSessions(func(s *domain.Session) {
			s.Generation, s.CredentialsVersion = floating(s.Generation), floating(s.CredentialsVersion)
		})),
		by(times, "keeps whole seconds", storingSessions(eachSessionTime(wholeSeconds))),
		by(times, "answers local times", answeringSessions(eachSessionTime(local))),
		by(times, "takes the clock for UTC", storingSessions(eachSessionTime(clockAsUTC))),
		by("Values/EmptyFieldsStayEmpty", "knows no time before 1970", answeringSessions(eachSessionTime(since1970))),
		by("Copies/WhatIsHandedOutBecomesTheCallers Copies/EachByUserIsASliceOfItsOwn", "hands out its own slice", sharesItsSlice()),
		by("Create/StoresVersionOneWhateverIsGiven", "keeps the version that is given", creatingSessions(keepGivenSessionVersion)),
	}
}

func cutSeed(s *domain.Session) {
	for i, b := range s.Seed {
		if b == 0 {
			clear(s.Seed[i:])
			return
		}
	}
}

// sharesItsSlice answers one and the same slice until something is written.
func sharesItsSlice() openSessions {
	return brokenSessions(func(s *sessions) {
		kept := map[domain.UserID][]domain.Session{}
		s.byUser = func(ctx context.Context, userID domain.UserID) ([]domain.Session, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			if kept[userID] != nil {
				return kept[userID], nil
			}
			all, err := s.TokenStore.ByUser(ctx, userID)
			kept[userID] = all
			return all, err
		}
		s.create = func(ctx context.Context, session domain.Session) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			delete(kept, session.UserID)
			return s.TokenStore.Create(ctx, session)
		}
	})
}

func keepGivenSessionVersion(ctx context.Context, whole ports.TokenStore, session domain.Session) error {
	given := session.Version
	err := whole.Create(ctx, session)
	for session.Version = 1; err == nil && session.Version < given; session.Version++ {
		err = whole.Update(ctx, session)
	}
	return err
}

func sessionsReadMutants() []mutant[openSessions] {
	newestFirst := func(a, b domain.Session) int { return b.CreatedAt.Compare(a.CreatedAt) }
	return []mutant[openSessions]{
		by("Create/KeepsAnEndedSession", "a session is born alive", creatingSessions(
			func(ctx context.Context, whole ports.TokenStore, session domain.Session) error {
				session.EndedAt, session.EndReason = time.Time{}, ""
				return whole.Create(ctx, session)
			})),
		by("Read/UnknownSessionIsNotFound", "Get answers the zero session for none", gettingSessions(zeroForNone)),
		by("Read/AnothersSessionIsNotFound", "Get goes by the id alone", anothersToo("Get")),
		by("Read/ByUserOfNobodyIsEmpty", "ByUser of nobody is an error", listingSessions(noneIsAnError)),
		by("Read/ByUserLeavesOutOthers", "ByUser answers everybody's", anothersToo("ByUser")),
		by("Read/ByUserIncludesTheEnded", "ByUser leaves out the ended", listingSessions(leaveOutEnded)),
		by("Read/ByUserIsNewestFirst", "ByUser is oldest first", sorted(func(a, b domain.Session) int { return -newestFirst(a, b) })),
		by("Read/ByUserIsNewestFirst", "ByUser is in the order of the last refresh", sorted(func(a, b domain.Session) int {
			return b.RotatedAt.Compare(a.RotatedAt)
		})),
		by("Read/ByUserOrdersTheSameMomentByIDDescending", "ids ascend", sorted(func(a, b domain.Session) int {
			return cmp.Or(newestFirst(a, b), cmp.Compare(a.ID, b.ID))
		})),
		by("Read/ByUserOrdersTheSameMomentByIDDescending", "ids go by their length", sorted(func(a, b domain.Session) int {
			return cmp.Or(newestFirst(a, b), len(b.ID)-len(a.ID))
		})),
		by("Read/ByUserAnswersEverySession", "ByUser answers the first page", listingSessions(firstPage)),
	}
}

func zeroForNone(ctx context.Context, whole ports.TokenStore, userID domain.UserID, id domain.SessionID) (domain.Session, error) {
	session, err := whole.Get(ctx, userID, id)
	if err == ports.ErrNotFound {
		err = nil
	}
	return session, err
}

// anothersToo does not ask in one of its methods whose session it is.
func anothersToo(method string) openSessions {
	return brokenSessions(func(s *sessions) {
		owners := map[domain.SessionID]domain.UserID{}
		owner := func(id domain.SessionID, or domain.UserID) domain.UserID {
			s.mu.Lock()
			defer s.mu.Unlock()
			return cmp.Or(owners[id], or)
		}
		s.create = func(ctx context.Context, session domain.Session) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			owners[session.ID] = session.UserID
			return s.TokenStore.Create(ctx, session)
		}
		switch method {
		case "Get":
			s.get = func(ctx context.Context, userID domain.UserID, id domain.SessionID) (domain.Session, error) {
				return s.TokenStore.Get(ctx, owner(id, userID), id)
			}
		case "Update":
			s.update = func(ctx context.Context, session domain.Session) error {
				session.UserID = owner(session.ID, session.UserID)
				return s.TokenStore.Update(ctx, session)
			}
		case "ByUser":
			s.byUser = func(ctx context.Context, _ domain.UserID) (all []domain.Session, err error) {
				s.mu.Lock()
				defer s.mu.Unlock()
				for id, userID := range owners {
					if session, err := s.TokenStore.Get(ctx, userID, id); err == nil {
						all = append(all, session)
					}
				}
				return all, nil
			}
		case "DeleteByUser":
			s.remove = func(ctx context.Context, _ domain.UserID) error {
				s.mu.Lock()
				defer s.mu.Unlock()
				for _, userID := range owners {
					_ = s.TokenStore.DeleteByUser(ctx, userID)
				}
				return nil
			}
		}
	})
}

func noneIsAnError(ctx context.Context, whole ports.TokenStore, userID domain.UserID) ([]domain.Session, error) {
	all, err := whole.ByUser(ctx, userID)
	if err == nil && len(all) == 0 {
		err = ports.ErrNotFound
	}
	return all, err
}

func leaveOutEnded(ctx context.Context, whole ports.TokenStore, userID domain.UserID) ([]domain.Session, error) {
	all, err := whole.ByUser(ctx, userID)
	return slices.DeleteFunc(all, domain.Session.Ended), err
}

func firstPage(ctx context.Context, whole ports.TokenStore, userID domain.UserID) ([]domain.Session, error) {
	all, err := whole.ByUser(ctx, userID)
	return all[:min(len(all), 100)], err
}
