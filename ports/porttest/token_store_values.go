package porttest

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
)

var sessionValueRules = []rule[sessions]{
	{"OddTextsComeBackByteForByte", sessionOddTexts},
	{"LongTextsComeBackWhole", sessionLongTexts},
	{"SeedsOfAnyBytes", sessionSeeds},
	{"NumbersToTheirEnds", sessionExtremeNumbers},
	{"TimesToTheMillisecondInUTC", sessionTimes},
	{"EmptyFieldsStayEmpty", sessionEmptyFields},
}

func sessionOddTexts(t *testing.T, s sessions) {
	for i, text := range oddTexts {
		session := s.newEnded(ann, fmt.Sprint(i))
		session.UserAgent, session.IP, session.EndReason = text, text, domain.EndReason(text)
		s.wantStored(t, s.create(t, session))
	}
}

func sessionLongTexts(t *testing.T, s sessions) {
	session := s.newSession(ann, strings.Repeat("i", 100))
	session.UserAgent = strings.Repeat("Mozilla 𠮷 ", 700)
	s.wantStored(t, s.create(t, session))
}

func sessionSeeds(t *testing.T, s sessions) {
	for i, pattern := range []string{"\x00", "\xff", "\x00\xff", "\x7f\x80", "\r\n", "'\"", "\xc3\xa9"} {
		session := s.newSession(ann, fmt.Sprint(i))
		session.Seed = domain.Seed(bytes.Repeat([]byte(pattern), 32)[:32])
		s.wantStored(t, s.update(t, s.create(t, session)))
	}
}

func sessionExtremeNumbers(t *testing.T, s sessions) {
	for i, n := range extremes {
		session := s.newSession(ann, fmt.Sprint(i))
		session.Generation, session.CredentialsVersion = n, n
		s.wantStored(t, s.update(t, s.create(t, session)))
	}
}

func sessionTimes(t *testing.T, s sessions) {
	east := time.FixedZone("east", 5*3600+1800)
	for i := range 10 {
		session := s.newSession(ann, fmt.Sprint(i))
		shift := time.Duration(i*111) * time.Millisecond
		session.CreatedAt = session.CreatedAt.Add(shift).In(east)
		session.RotatedAt = session.RotatedAt.Add(shift).In(east)
		session.ExpiresAt = session.ExpiresAt.Add(shift).In(east)
		session = s.create(t, session)
		s.wantStored(t, session)
		s.wantStored(t, s.update(t, session.End(domain.EndRevoked, s.clock.Now().Add(shift).In(east))))
	}
}

func sessionEmptyFields(t *testing.T, s sessions) {
	bare := domain.Session{ID: "bare", UserID: ann, ExpiresAt: s.clock.Now().Add(life)}
	bare = s.create(t, bare)
	s.wantAll(t, ann, bare)
	s.wantAll(t, ann, s.update(t, bare))
}

var sessionCopyRules = []rule[sessions]{
	{"WhatIsHandedOutBecomesTheCallers", sessionHandedOut},
	{"EachByUserIsASliceOfItsOwn", sessionSlices},
}

func sessionHandedOut(t *testing.T, s sessions) {
	want := s.create(t, s.newSession(ann, "one"))
	got, err := s.Get(t.Context(), ann, want.ID)
	wantNoError(t, "Get", err)
	got.Seed[0], got.UserAgent = ^got.Seed[0], "changed"
	all := s.byUser(t, ann)
	all[0].Seed[0], all[0].UserAgent = ^all[0].Seed[0], "changed"
	s.wantAll(t, ann, want)
}

func sessionSlices(t *testing.T, s sessions) {
	two, one := s.create(t, s.newSession(ann, "two")), s.create(t, s.newSession(ann, "one"))
	first, second := s.byUser(t, ann), s.byUser(t, ann)
	first[0].Seed[0], first[0].UserAgent = ^first[0].Seed[0], "changed"
	slices.Reverse(first)
	_ = append(first[:0], domain.Session{}, domain.Session{})
	wantSame(t, "a slice that ByUser handed out before another was changed", second[0], two)
	wantSame(t, "a slice that ByUser handed out before another was changed", second[1], one)
	s.wantAll(t, ann, two, one)
}

var sessionContextRules = []rule[sessions]{
	{"EndedContextCreatesNothing", sessionContextCreate},
	{"EndedContextReadsNothing", sessionContextRead},
	{"EndedContextUpdatesNothing", sessionContextUpdate},
	{"EndedContextDeletesNothing", sessionContextDelete},
}

func sessionContextCreate(t *testing.T, s sessions) {
	one := s.newSession(ann, "one")
	wantRefused(t, "Create", func(ctx context.Context) error { return s.Create(ctx, one) })
	s.wantAbsent(t, "whose Create was refused", ann, one.ID)
	s.wantAll(t, ann)
}

func sessionContextRead(t *testing.T, s sessions) {
	one := s.create(t, s.newSession(ann, "one"))
	wantRefused(t, "Get", func(ctx context.Context) error { _, err := s.Get(ctx, ann, one.ID); return err })
	wantRefused(t, "ByUser", func(ctx context.Context) error { _, err := s.ByUser(ctx, ann); return err })
}

func sessionContextUpdate(t *testing.T, s sessions) {
	one := s.create(t, s.newSession(ann, "one"))
	wantRefused(t, "Update", func(ctx context.Context) error { return s.Update(ctx, rotated(one)) })
	s.wantAll(t, ann, one)
}

func sessionContextDelete(t *testing.T, s sessions) {
	one := s.create(t, s.newSession(ann, "one"))
	wantRefused(t, "DeleteByUser", func(ctx context.Context) error { return s.DeleteByUser(ctx, ann) })
	s.wantAll(t, ann, one)
}
