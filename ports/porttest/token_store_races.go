package porttest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var sessionRaceRules = []rule[sessions]{
	{"OneWinnerOfACompareAndSwap", sessionSwapHasOneWinner},
	{"CountingLosesNothing", sessionCountingLosesNothing},
	{"EndIsNeverLostToARotation", endAgainstRotation},
	{"CreatesAtOnceAllStay", createsAtOnceStay},
	{"DeleteSparesCreatesOfAnother", deleteAgainstAnothersCreates},
	{"DeleteIsOneInstantAmongCreates", deleteAgainstOwnCreates},
	{"UpdateNeverBringsBackTheDeleted", sessionUpdateAgainstDelete},
	{"ReadersSeeWholeWritesInOrder", sessionReadersSeeWholeWrites},
}

func sessionSwapHasOneWinner(t *testing.T, s sessions) {
	read := s.create(t, s.newSession(ann, "one"))
	errs := together(crowd, func(i int) error {
		mine := rotated(read)
		mine.UserAgent = fmt.Sprint("winner ", i)
		return s.Update(t.Context(), mine)
	})
	want := rotated(read)
	want.UserAgent = fmt.Sprint("winner ", wantOneWinner(t, "Update with one version, at once", errs, ports.ErrStale))
	want.Version++
	s.wantAll(t, ann, want)
}

func sessionCountingLosesNothing(t *testing.T, s sessions) {
	session := s.create(t, s.newSession(ann, "one"))
	countTogether(t, func(ctx context.Context) error {
		got, err := s.Get(ctx, ann, session.ID)
		if err != nil {
			return err
		}
		runtime.Gosched() // for others to read the same
		got.Generation++
		return s.Update(ctx, got)
	})
	session.Generation += counted
	session.Version += counted
	s.wantAll(t, ann, session)
}

// endAgainstRotation ends a session while others rotate it: what one decided after reading is never stored over the end.
func endAgainstRotation(t *testing.T, s sessions) {
	for round := range 5 {
		session := s.create(t, s.newSession(ann, fmt.Sprint(round)))
		errs := together(16, func(i int) error { return s.endOrRotate(t, session.ID, i == 0) })
		for _, err := range errs {
			wantNoError(t, "ending and rotating at once", err)
		}
		got, err := s.Get(t.Context(), ann, session.ID)
		wantNoError(t, "Get", err)
		if !got.Ended() || got.EndReason != domain.EndSignedOut {
			t.Errorf("after an end that was stored, against rotations: EndedAt is %v, EndReason %q", got.EndedAt, got.EndReason)
		}
	}
}

// endOrRotate reads, decides and writes until it has succeeded or the session has ended.
func (s sessions) endOrRotate(t *testing.T, id domain.SessionID, end bool) error {
	const most = 100 // far more than there are writes to lose against
	for range most {
		session, err := s.Get(t.Context(), ann, id)
		if err != nil || session.Ended() {
			return err
		}
		runtime.Gosched()
		next := rotated(session)
		if end {
			next = session.End(domain.EndSignedOut, s.clock.Now())
		}
		if err := s.Update(t.Context(), next); !errors.Is(err, ports.ErrStale) {
			return err
		}
	}
	return errors.New("refused by ErrStale more often than there were writes")
}

func createsAtOnceStay(t *testing.T, s sessions) {
	errs := together(crowd, func(i int) error {
		return s.Create(t.Context(), s.newSession([]domain.UserID{ann, bob}[i%2], fmt.Sprint(i)))
	})
	for _, err := range errs {
		wantNoError(t, "Create at once", err)
	}
	s.wantCount(t, ann, crowd/2)
	s.wantCount(t, bob, crowd/2)
}

// wantCount wants so many sessions from ByUser, and each of them from Get.
func (s sessions) wantCount(t *testing.T, userID domain.UserID, want int) {
	t.Helper()
	all := s.byUser(t, userID)
	if len(all) != want {
		t.Errorf("ByUser: got %d sessions, want %d", len(all), want)
	}
	for _, session := range all {
		s.wantStored(t, session)
	}
}

func deleteAgainstAnothersCreates(t *testing.T, s sessions) {
	const n = 60
	for i := range 10 {
		s.create(t, s.newSession(ann, fmt.Sprint("old", i)))
	}
	errs := together(n, func(i int) error {
		if i%6 == 0 {
			return s.DeleteByUser(t.Context(), ann)
		}
		return s.Create(t.Context(), s.newSession(bob, fmt.Sprint(i)))
	})
	for _, err := range errs {
		wantNoError(t, "DeleteByUser and another's Create at once", err)
	}
	s.wantCount(t, ann, 0)
	s.wantCount(t, bob, n-n/6)
}

// deleteAgainstOwnCreates makes sessions one after the other, and deletes them meanwhile. What is left must be the last
// ones, and none that was there before: a session that stays though a later one went was missed.
func deleteAgainstOwnCreates(t *testing.T, s sessions) {
	const before, most = 20, 200
	for round := range 5 {
		name := func(i int) string { return fmt.Sprintf("%d-%03d", round, i) }
		for i := range before {
			s.create(t, s.newSession(ann, name(i)))
		}
		created := before
		var deleted atomic.Bool
		errs := together(2, func(i int) error {
			if i == 0 {
				defer deleted.Store(true)
				return s.DeleteByUser(t.Context(), ann)
			}
			for ; created < most && !deleted.Load(); created++ {
				runtime.Gosched() // for the other to begin
				if err := s.Create(t.Context(), s.newSession(ann, name(created))); err != nil {
					return err
				}
			}
			return nil
		})
		for _, err := range errs {
			wantNoError(t, "Create and DeleteByUser at once", err)
		}
		s.wantLastOnes(t, before, created, name)
		s.deleteByUser(t, ann)
	}
}

// wantLastOnes wants the first sessions gone, and of the others none that came before one that is gone.
func (s sessions) wantLastOnes(t *testing.T, first, all int, name func(i int) string) {
	t.Helper()
	left := 0
	for i := range all {
		_, err := s.Get(t.Context(), ann, s.newSession(ann, name(i)).ID)
		switch {
		case err == nil:
			left++
			if i < first {
				t.Errorf("DeleteByUser left session %d, which was created before it was called", i)
			}
		case !errors.Is(err, ports.ErrNotFound):
			t.Fatalf("Get: got the error %v, want none or ErrNotFound", err)
		case left > 0:
			t.Errorf("DeleteByUser removed session %d, but missed one that was created before that", i)
		}
	}
	s.wantCount(t, ann, left)
}

func sessionUpdateAgainstDelete(t *testing.T, s sessions) {
	const n = 30
	all := make([]domain.Session, n)
	for i := range all {
		all[i] = s.create(t, s.newSession(ann, fmt.Sprint(i)))
	}
	begun := make(chan struct{}, n)
	errs := together(n+1, func(i int) error {
		if i == n {
			<-begun // so that it does not come before all the others
			return s.DeleteByUser(t.Context(), ann)
		}
		begun <- struct{}{}
		return s.Update(t.Context(), rotated(all[i]))
	})
	outcomes(t, "Update and DeleteByUser at once", errs, ports.ErrNotFound)
	for _, session := range all {
		s.wantAbsent(t, "that was deleted", ann, session.ID)
	}
	s.wantCount(t, ann, 0)
}

func sessionReadersSeeWholeWrites(t *testing.T, s sessions) {
	session := s.newSession(ann, "one")
	session.Generation, session.UserAgent = 1, "1"
	session = s.create(t, session)
	write := func(int) error {
		session.Generation++
		session.UserAgent = fmt.Sprint(session.Generation)
		err := s.Update(t.Context(), session)
		session.Version++
		return err
	}
	id := session.ID
	readWhile(t, write, func() func() error {
		var newest int64
		return func() error {
			got, err := s.Get(t.Context(), ann, id)
			switch {
			case err != nil:
				return err
			case got.UserAgent != fmt.Sprint(got.Generation) || got.Version != got.Generation:
				return fmt.Errorf("a reader saw half a write: UserAgent %q, Generation %d, Version %d", got.UserAgent, got.Generation, got.Version)
			case got.Version < newest:
				return fmt.Errorf("a reader saw Version %d after it had seen %d", got.Version, newest)
			}
			newest = got.Version
			return nil
		}
	})
}
