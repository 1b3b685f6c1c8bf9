package porttest

import (
	"fmt"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var sessionCreateRules = []rule[sessions]{
	{"KeepsEveryField", createKeepsSession},
	{"KeepsAnEndedSession", createKeepsEndedSession},
	{"StoresVersionOneWhateverIsGiven", createSessionStoresVersionOne},
}

func createKeepsSession(t *testing.T, s sessions) {
	one := s.create(t, s.newSession(ann, "one"))
	s.wantAll(t, ann, one)
}

func createKeepsEndedSession(t *testing.T, s sessions) {
	over := s.create(t, s.newEnded(ann, "over"))
	s.wantAll(t, ann, over)
}

func createSessionStoresVersionOne(t *testing.T, s sessions) {
	for i, version := range []int64{-1, 0, 1, 77} {
		session := s.newSession(ann, fmt.Sprint(i))
		session.Version = version
		s.wantStored(t, s.create(t, session))
	}
}

var sessionReadRules = []rule[sessions]{
	{"UnknownSessionIsNotFound", getUnknown},
	{"AnothersSessionIsNotFound", getAnothers},
	{"ByUserOfNobodyIsEmpty", byUserOfNobody},
	{"ByUserLeavesOutOthers", byUserLeavesOutOthers},
	{"ByUserIncludesTheEnded", byUserIncludesTheEnded},
	{"ByUserIsNewestFirst", byUserIsNewestFirst},
	{"ByUserOrdersTheSameMomentByIDDescending", byUserOrdersByID},
	{"ByUserAnswersEverySession", byUserAnswersAll},
}

func getUnknown(t *testing.T, s sessions) {
	one := s.create(t, s.newSession(ann, "one"))
	for _, key := range oddKeys {
		s.wantAbsent(t, "with the id "+show(key), ann, domain.SessionID(key))
		s.wantAbsent(t, "of the user "+show(key), domain.UserID(key), one.ID)
	}
}

func getAnothers(t *testing.T, s sessions) {
	one := s.create(t, s.newSession(ann, "one"))
	two := s.create(t, s.newSession(bob, "two"))
	s.wantAbsent(t, "of another user", bob, one.ID)
	s.wantAbsent(t, "of another user", ann, two.ID)
}

func byUserOfNobody(t *testing.T, s sessions) {
	s.create(t, s.newSession(ann, "one"))
	s.wantAll(t, bob)
	for _, key := range oddKeys {
		s.wantAll(t, domain.UserID(key))
	}
}

func byUserLeavesOutOthers(t *testing.T, s sessions) {
	one, two := s.create(t, s.newSession(ann, "one")), s.create(t, s.newSession(bob, "two"))
	s.wantAll(t, ann, one)
	s.wantAll(t, bob, two)
}

func byUserIncludesTheEnded(t *testing.T, s sessions) {
	one := s.newSession(ann, "one")
	one.CreatedAt = one.CreatedAt.Add(time.Millisecond)
	living, over := s.create(t, one), s.create(t, s.newEnded(ann, "over"))
	s.wantAll(t, ann, living, over)
}

func byUserIsNewestFirst(t *testing.T, s sessions) {
	order := []int{3, 0, 4, 1, 2}
	newestFirst := make([]domain.Session, len(order))
	for _, age := range order {
		session := s.newSession(ann, fmt.Sprint(age*7%5))
		session.CreatedAt = session.CreatedAt.Add(-time.Duration(age) * time.Millisecond)
		newestFirst[age] = s.create(t, session)
	}
	s.wantAll(t, ann, newestFirst...)
	oldest := len(newestFirst) - 1
	newestFirst[oldest] = s.update(t, rotated(newestFirst[oldest]))
	s.wantAll(t, ann, newestFirst...)
}

func byUserOrdersByID(t *testing.T, s sessions) {
	descending := []domain.SessionID{"b", "aa", "a", "_", "B", "A", "9", "10", "-"}
	want := make([]domain.Session, len(descending))
	for _, i := range []int{4, 0, 8, 2, 6, 1, 3, 7, 5} {
		session := s.newSession(ann, "")
		session.ID = descending[i]
		want[i] = s.create(t, session)
	}
	s.wantAll(t, ann, want...)
}

// byUserAnswersAll has more sessions than engines commonly answer at a time.
func byUserAnswersAll(t *testing.T, s sessions) {
	const n = 240
	errs := together(n, func(i int) error {
		return s.Create(t.Context(), s.newSession(ann, fmt.Sprintf("%03d", n-i)))
	})
	for _, err := range errs {
		wantNoError(t, "Create", err)
	}
	if got := len(s.byUser(t, ann)); got != n {
		t.Errorf("ByUser: got %d sessions, want %d", got, n)
	}
}

var sessionDeleteRules = []rule[sessions]{
	{"RemovesEverySessionOfTheUser", deleteRemovesSessions},
	{"NobodyIsNoError", deleteSessionsOfNobody},
	{"LeavesOthersAlone", deleteLeavesOthersSessions},
	{"DeletedSessionIsNotUpdated", deletedSessionIsNotUpdated},
	{"NewSessionsMayFollow", deleteThenCreate},
}

func deleteRemovesSessions(t *testing.T, s sessions) {
	one, over := s.create(t, s.newSession(ann, "one")), s.create(t, s.newEnded(ann, "over"))
	s.deleteByUser(t, ann)
	s.wantAbsent(t, "that was deleted", ann, one.ID)
	s.wantAbsent(t, "that was deleted", ann, over.ID)
	s.wantAll(t, ann)
}

func deleteSessionsOfNobody(t *testing.T, s sessions) {
	one := s.create(t, s.newSession(ann, "one"))
	s.deleteByUser(t, bob)
	for _, key := range oddKeys {
		s.deleteByUser(t, domain.UserID(key))
	}
	s.wantAll(t, ann, one)
	s.deleteByUser(t, ann)
	s.deleteByUser(t, ann)
}

func deleteLeavesOthersSessions(t *testing.T, s sessions) {
	s.create(t, s.newSession(ann, "one"))
	two := s.create(t, s.newSession(bob, "two"))
	s.deleteByUser(t, ann)
	s.wantAll(t, bob, two)
}

func deletedSessionIsNotUpdated(t *testing.T, s sessions) {
	one := s.create(t, s.newSession(ann, "one"))
	s.deleteByUser(t, ann)
	wantError(t, "Update of a session that was deleted", s.Update(t.Context(), rotated(one)), ports.ErrNotFound)
	s.wantAbsent(t, "that was deleted", ann, one.ID)
	s.wantAll(t, ann)
}

func deleteThenCreate(t *testing.T, s sessions) {
	s.create(t, s.newSession(ann, "one"))
	s.deleteByUser(t, ann)
	two := s.create(t, s.newSession(ann, "two"))
	s.wantAll(t, ann, two)
}
