package porttest

import (
	"fmt"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var sessionExpiryRules = []rule[sessions]{
	{"GetForgetsTheLivingOnTime", forgetsOnTime(sessions.newSession, getFinds)},
	{"GetForgetsTheEndedOnTime", forgetsOnTime(sessions.newEnded, getFinds)},
	{"ByUserForgetsTheLivingOnTime", forgetsOnTime(sessions.newSession, byUserFinds)},
	{"ByUserForgetsTheEndedOnTime", forgetsOnTime(sessions.newEnded, byUserFinds)},
	{"UpdateForgetsTheLivingOnTime", forgetsOnTime(sessions.newSession, updateFinds)},
	{"UpdateForgetsTheEndedOnTime", forgetsOnTime(sessions.newEnded, updateFinds)},
	{"ForgottenIsNotFoundRatherThanStale", forgottenIsNotStale},
	{"ForgottenStaysForgotten", forgottenStaysForgotten},
	{"ForgottenOnesDoNotHideOthers", forgottenHideNobody},
	{"ForgottenOnesCanBeDeleted", forgottenCanBeDeleted},
	{"CreatedTooLateIsAbsent", createdTooLate},
	{"UpdateProlongs", updateProlongs},
	{"UpdateShortens", updateShortens},
	{"ChangedLivesHoldUpNobodys", changedLives},
	{"EndingProlongs", endingProlongs},
	{"EndingShortens", endingShortens},
}

// finds asks for a session in one way or another whether it is there, and if so, whether it is as stored.
type finds func(t *testing.T, s sessions, stored *domain.Session) bool

func getFinds(t *testing.T, s sessions, stored *domain.Session) bool {
	t.Helper()
	got, err := s.Get(t.Context(), stored.UserID, stored.ID)
	return found(t, "Get", got, *stored, err)
}

func byUserFinds(t *testing.T, s sessions, stored *domain.Session) bool {
	t.Helper()
	all := s.byUser(t, stored.UserID)
	if len(all) == 0 {
		return false
	}
	return found(t, "ByUser", all[0], *stored, nil)
}

func updateFinds(t *testing.T, s sessions, stored *domain.Session) bool {
	t.Helper()
	err := s.Update(t.Context(), *stored)
	if err == nil {
		stored.Version++
	}
	return found(t, "Update", *stored, *stored, err)
}

func found(t *testing.T, call string, got, want domain.Session, err error) bool {
	t.Helper()
	if err != nil {
		wantError(t, call, err, ports.ErrNotFound)
		return false
	}
	wantSame(t, call, got, want)
	return true
}

// forgetsOnTime looks for a session one millisecond before it is forgotten, at that instant, and after it.
func forgetsOnTime(born func(sessions, domain.UserID, string) domain.Session, find finds) func(*testing.T, sessions) {
	return func(t *testing.T, s sessions) {
		session := s.create(t, born(s, ann, "one"))
		for _, moment := range []struct {
			name   string
			offset time.Duration
			want   bool
		}{
			{"one millisecond before KeptUntil", -time.Millisecond, true},
			{"at KeptUntil", 0, false},
			{"one millisecond after KeptUntil", time.Millisecond, false},
			{"an hour after KeptUntil", time.Hour, false},
		} {
			s.clock.Set(session.KeptUntil().Add(moment.offset))
			if got := find(t, s, &session); got != moment.want {
				t.Errorf("%s: found is %t, want %t", moment.name, got, moment.want)
			}
		}
	}
}

func forgottenIsNotStale(t *testing.T, s sessions) {
	one := s.create(t, s.newSession(ann, "one"))
	s.clock.Set(one.KeptUntil())
	one.Version = 7
	wantError(t, "Update of a forgotten session with another version", s.Update(t.Context(), one), ports.ErrNotFound)
}

// forgottenStaysForgotten tries to bring a session back by an Update that would prolong it.
func forgottenStaysForgotten(t *testing.T, s sessions) {
	one := s.create(t, s.newSession(ann, "one"))
	s.clock.Set(one.KeptUntil())
	revived := one
	revived.ExpiresAt = s.clock.Now().Add(life)
	wantError(t, "Update that would revive a forgotten session", s.Update(t.Context(), revived), ports.ErrNotFound)
	s.wantAbsent(t, "that was forgotten", ann, one.ID)
	s.wantAll(t, ann)
}

func forgottenHideNobody(t *testing.T, s sessions) {
	brief, lasting := s.newSession(ann, "brief"), s.newSession(ann, "lasting")
	brief.ExpiresAt = s.clock.Now().Add(time.Hour)
	brief.CreatedAt = brief.CreatedAt.Add(time.Minute)
	brief, lasting = s.create(t, brief), s.create(t, lasting)
	s.wantAll(t, ann, brief, lasting)
	s.clock.Set(brief.ExpiresAt)
	s.wantAll(t, ann, lasting)
	lasting = s.update(t, rotated(lasting))
	s.wantAll(t, ann, lasting)
}

func forgottenCanBeDeleted(t *testing.T, s sessions) {
	one := s.create(t, s.newSession(ann, "one"))
	s.clock.Set(one.KeptUntil())
	s.deleteByUser(t, ann)
	two := s.create(t, s.newSession(ann, "two"))
	s.wantAll(t, ann, two)
}

func createdTooLate(t *testing.T, s sessions) {
	late := s.newSession(ann, "late")
	late.ExpiresAt = s.clock.Now()
	none := domain.Session{ID: "none", UserID: ann}
	for _, session := range []domain.Session{late, none} {
		s.create(t, session)
		s.wantAbsent(t, "that was created when it was over", ann, session.ID)
		wantError(t, "Update of a session that was created when it was over", s.Update(t.Context(), session), ports.ErrNotFound)
	}
	s.wantAll(t, ann)
}

// wantForgottenAt looks for a session at the last millisecond of its life, and at the instant it is forgotten.
func (s sessions) wantForgottenAt(t *testing.T, session domain.Session, end time.Time) {
	t.Helper()
	s.clock.Set(end.Add(-time.Millisecond))
	s.wantAll(t, ann, session)
	s.clock.Set(end)
	s.wantAbsent(t, "that was forgotten", ann, session.ID)
	s.wantAll(t, ann)
}

func updateProlongs(t *testing.T, s sessions) {
	one := s.create(t, s.newSession(ann, "one"))
	s.clock.Set(one.ExpiresAt.Add(-time.Millisecond))
	one.ExpiresAt = one.ExpiresAt.Add(life)
	one = s.update(t, one)
	s.wantForgottenAt(t, one, one.ExpiresAt)
}

func updateShortens(t *testing.T, s sessions) {
	one := s.create(t, s.newSession(ann, "one"))
	one.ExpiresAt = s.clock.Now().Add(time.Hour)
	one = s.update(t, one)
	s.wantForgottenAt(t, one, one.ExpiresAt)
}

// changedLives puts sessions in another order of expiry than they were made in.
func changedLives(t *testing.T, s sessions) {
	born := s.clock.Now()
	var all []domain.Session
	for i, hours := range []int{1, 2, 3, 4} {
		session := s.newSession(ann, fmt.Sprint(i))
		session.ExpiresAt = born.Add(time.Duration(hours) * time.Hour)
		all = append(all, s.create(t, session))
	}
	for i, hours := range []int{5, 7, 6, 1} {
		all[i].ExpiresAt = born.Add(time.Duration(hours) * time.Hour)
		all[i] = s.update(t, all[i])
	}
	for _, i := range []int{3, 0, 2, 1} {
		s.clock.Set(all[i].ExpiresAt.Add(-time.Millisecond))
		s.wantStored(t, all[i])
		s.clock.Set(all[i].ExpiresAt)
		wantError(t, "Update of a forgotten session", s.Update(t.Context(), all[i]), ports.ErrNotFound)
		s.wantAbsent(t, "that was forgotten", ann, all[i].ID)
	}
	s.wantAll(t, ann)
}

func endingProlongs(t *testing.T, s sessions) {
	one := s.newSession(ann, "one")
	one.ExpiresAt = s.clock.Now().Add(time.Hour)
	one = s.create(t, one)
	s.clock.Set(one.ExpiresAt.Add(-time.Millisecond))
	one = s.update(t, one.End(domain.EndSignedOut, s.clock.Now()))
	s.wantForgottenAt(t, one, one.EndedAt.Add(24*time.Hour))
}

func endingShortens(t *testing.T, s sessions) {
	one := s.create(t, s.newSession(ann, "one"))
	one = s.update(t, one.End(domain.EndSignedOut, s.clock.Now()))
	s.wantForgottenAt(t, one, one.EndedAt.Add(24*time.Hour))
}
