package porttest

import (
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var userReadRaceRules = []rule[users]{
	{"ReadersSeeWholeWritesInOrder", readersSeeWholeWrites},
	{"LoginAnswersOnlyWhoHasTheName", loginAnswersTheNamed},
	{"NameThatStaysIsAlwaysFound", stayingNameIsFound},
}

// readWhile has readers look while one writer writes, until it has written often and each of them has looked often.
func readWhile(t *testing.T, write func(i int) error, newReader func() func() error) {
	t.Helper()
	const readers, writes, reads = 8, 50, 5
	var written atomic.Bool
	var reading atomic.Int64
	reading.Store(readers)
	errs := together(readers+1, func(i int) error {
		if i == 0 {
			defer written.Store(true)
			return writeOften(writes, &reading, write)
		}
		read, left := newReader(), reads
		defer func() {
			if left > 0 {
				reading.Add(-1) // it gave up
			}
		}()
		for ; !written.Load(); runtime.Gosched() {
			if err := read(); err != nil {
				return err
			}
			if left--; left == 0 {
				reading.Add(-1)
			}
		}
		return nil
	})
	for _, err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
}

// writeOften writes at least so many times, and until nobody is reading.
func writeOften(writes int, reading *atomic.Int64, write func(i int) error) error {
	for i := 0; i < writes || reading.Load() > 0; i++ {
		if err := write(i); err != nil {
			return fmt.Errorf("the writer: %w", err)
		}
		runtime.Gosched()
	}
	return nil
}

func readersSeeWholeWrites(t *testing.T, s users) {
	u := s.create(t, newUser("ann"))
	u.Fullname, u.CredentialsVersion = "1", 1
	u = s.update(t, u)
	id := u.ID
	write := func(int) error {
		u.CredentialsVersion++
		u.Fullname = fmt.Sprint(u.CredentialsVersion)
		err := s.Update(t.Context(), u)
		u.Version++
		return err
	}
	readWhile(t, write, func() func() error {
		var newest int64
		return func() error {
			got, err := s.ByID(t.Context(), id)
			switch {
			case err != nil:
				return err
			case got.Fullname != fmt.Sprint(got.CredentialsVersion) || got.Version != got.CredentialsVersion+1:
				return fmt.Errorf("a reader saw half a write: Fullname %q, CredentialsVersion %d, Version %d", got.Fullname, got.CredentialsVersion, got.Version)
			case got.Version < newest:
				return fmt.Errorf("a reader saw Version %d after it had seen %d", got.Version, newest)
			}
			newest = got.Version
			return nil
		}
	})
}

// flipNames is a writer that changes the user's email between two, time and again.
func flipNames(t *testing.T, s users, u domain.User) func(i int) error {
	return func(i int) error {
		u.Email = email([]string{"ann", "new"}[(i+1)%2])
		err := s.Update(t.Context(), u)
		u.Version++
		return err
	}
}

func loginAnswersTheNamed(t *testing.T, s users) {
	ann := s.create(t, newUser("ann"))
	readWhile(t, flipNames(t, s, ann), func() func() error {
		return func() error {
			got, err := s.ByLogin(t.Context(), byEmail("ann"))
			if errors.Is(err, ports.ErrNotFound) {
				return nil
			}
			if err == nil && got.Email != email("ann") {
				return fmt.Errorf("ByLogin %v answered a user with the email %v", email("ann"), got.Email)
			}
			return err
		}
	})
}

func stayingNameIsFound(t *testing.T, s users) {
	ann := s.create(t, newUser("ann"))
	readWhile(t, flipNames(t, s, ann), func() func() error {
		return func() error {
			_, err := s.ByLogin(t.Context(), byUsername("ann"))
			if err != nil {
				return fmt.Errorf("ByLogin by the username that stays, while the email changes: %w", err)
			}
			return nil
		}
	})
}
