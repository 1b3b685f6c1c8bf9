package porttest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
)

var userValueRules = []rule[users]{
	{"OddTextsComeBackByteForByte", userOddTexts},
	{"OddNamesComeBackByteForByte", userOddNames},
	{"LongTextsComeBackWhole", userLongTexts},
	{"NumbersToTheirEnds", userExtremeNumbers},
	{"TimesToTheMillisecondInUTC", userTimes},
}

func userOddTexts(t *testing.T, s users) {
	for i, text := range oddTexts {
		u := newUser(fmt.Sprint("user", i))
		u.Fullname, u.Avatar, u.CoverImage = text, text, text
		u.PasswordHash, u.CredentialsSession = domain.NewSecret(text), domain.SessionID(text)
		s.wantStored(t, s.create(t, u))
	}
}

func userOddNames(t *testing.T, s users) {
	for i, text := range oddTexts[1:] {
		u := newUser(fmt.Sprint("user", i))
		u.Username, u.Email = username(text), email(text)
		u = s.create(t, u)
		s.wantStored(t, u)
		u.Username, u.Email = username(text+"2"), email(text+"2")
		s.wantStored(t, s.update(t, u))
	}
}

// userLongTexts goes to what the domain lets through, and well past it where the domain sets no bound.
func userLongTexts(t *testing.T, s users) {
	u := newUser("long")
	u.Username = username(strings.Repeat("𠮷", 64))
	u.Email = domain.RestoreEmail(strings.Repeat("a", 64) + "@" + strings.Repeat("b.", 94) + "c")
	u.Fullname = strings.Repeat("𠮷", 200)
	u.PasswordHash = domain.NewSecret(strings.Repeat("$hash", 100))
	u.Avatar = "/images/" + strings.Repeat("é", 1000)
	s.wantStored(t, s.create(t, u))
}

func userExtremeNumbers(t *testing.T, s users) {
	for i, n := range extremes {
		u := newUser(fmt.Sprint("user", i))
		u.CredentialsVersion = n
		s.wantStored(t, s.create(t, u))
	}
}

func userTimes(t *testing.T, s users) {
	for i, at := range []time.Time{
		time.UnixMilli(-1), time.UnixMilli(0), time.UnixMilli(1_700_000_000_001), time.UnixMilli(1_700_000_000_999),
		birth.In(time.FixedZone("east", 5*3600+1800)),
	} {
		u := newUser(fmt.Sprint("user", i))
		u.CreatedAt, u.UpdatedAt = at, at
		s.wantStored(t, s.create(t, u))
	}
}

var userContextRules = []rule[users]{
	{"EndedContextCreatesNothing", userContextCreate},
	{"EndedContextReadsNothing", userContextRead},
	{"EndedContextUpdatesNothing", userContextUpdate},
	{"EndedContextDeletesNothing", userContextDelete},
}

func userContextCreate(t *testing.T, s users) {
	ann := newUser("ann")
	wantRefused(t, "Create", func(ctx context.Context) error { return s.Create(ctx, ann) })
	s.wantNobody(t, ann.ID, byEmail("ann"), byUsername("ann"))
	s.wantStored(t, s.create(t, ann))
}

func userContextRead(t *testing.T, s users) {
	ann := s.create(t, newUser("ann"))
	wantRefused(t, "ByID", func(ctx context.Context) error { _, err := s.ByID(ctx, ann.ID); return err })
	wantRefused(t, "ByLogin", func(ctx context.Context) error { _, err := s.ByLogin(ctx, byEmail("ann")); return err })
	wantRefused(t, "ByLogin", func(ctx context.Context) error { _, err := s.ByLogin(ctx, byUsername("ann")); return err })
}

func userContextUpdate(t *testing.T, s users) {
	ann := s.create(t, newUser("ann"))
	wantRefused(t, "Update", func(ctx context.Context) error { return s.Update(ctx, changed(ann, "new")) })
	s.wantStored(t, ann)
	s.wantFree(t, byEmail("new"), byUsername("new"))
}

func userContextDelete(t *testing.T, s users) {
	ann := s.create(t, newUser("ann"))
	wantRefused(t, "Delete", func(ctx context.Context) error { return s.Delete(ctx, ann.ID) })
	s.wantStored(t, ann)
}
