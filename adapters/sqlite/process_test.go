package sqlite

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/latchkey-auth/latchkey/domain"
)

// roleVariable makes this program another process of a test, which does what it names.
const roleVariable = "LATCHKEY_TEST_SQLITE_ROLE"

// roles are what another process can do. It writes to its standard output, and ends.
var roles = map[string]func(args []string) error{"count": countUp}

func TestMain(m *testing.M) {
	role := os.Getenv(roleVariable)
	if role == "" {
		os.Exit(m.Run())
	}
	if err := roles[role](os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// process is another process, which has not been started.
func process(t *testing.T, role string, args ...string) *exec.Cmd {
	t.Helper()
	program, err := os.Executable()
	check(t, err)
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Env = append(os.Environ(), roleVariable+"="+role)
	cmd.Stderr = os.Stderr
	return cmd
}

// answer is what another process says.
func answer(t *testing.T, role string, args ...string) string {
	t.Helper()
	out, err := process(t, role, args...).Output()
	check(t, err)
	return strings.TrimSpace(string(out))
}

// countUp updates a user again and again, each time raising a number by one, and says it once it is stored.
func countUp(args []string) (err error) {
	path, id := args[0], domain.UserID(args[1])
	to, err := strconv.ParseInt(args[2], 10, 64)
	if err != nil {
		return err
	}
	db, err := Open(context.Background(), path, atBirth)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	u, err := db.Users().ByID(context.Background(), id)
	for err == nil && u.CredentialsVersion < to {
		u.CredentialsVersion++
		err = db.Users().Update(context.Background(), u)
		u.Version++
		fmt.Println(u.CredentialsVersion)
	}
	return err
}

// highest is the highest number that anybody has seen.
type highest struct{ atomic.Int64 }

func (h *highest) saw(n int64) {
	for old := h.Load(); old < n && !h.CompareAndSwap(old, n); old = h.Load() {
	}
}

// While another process commits, and this one does too, no read is older than what was answered, or seen, before it began.
func TestReadsAreNeverOlderThanCommitsOfAnotherProcess(t *testing.T) {
	bothWays(t, func(t *testing.T, way func(*DB)) {
		const commits = 300
		path, user := newPath(t), newUser("ada")
		db := openAt(t, path, atBirth)
		way(db)
		check(t, db.Users().Create(t.Context(), user))

		var stored highest
		var done atomic.Bool
		var running sync.WaitGroup
		defer running.Wait()
		defer done.Store(true)
		for range 3 {
			running.Go(func() { readOn(t, db, user.ID, &stored, &done) })
		}
		running.Go(func() { signInOn(t, db, user, &done) })
		follow(t, process(t, "count", path, string(user.ID), fmt.Sprint(commits)), &stored)
		if u, err := db.Users().ByID(t.Context(), user.ID); err != nil || u.CredentialsVersion != commits {
			t.Errorf("in the end it reads %d, %v", u.CredentialsVersion, err)
		}
	})
}

// follow runs a process that counts.
func follow(t *testing.T, counting *exec.Cmd, stored *highest) {
	out, err := counting.StdoutPipe()
	check(t, err)
	check(t, counting.Start())
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		n, err := strconv.ParseInt(lines.Text(), 10, 64)
		if err != nil {
			t.Error(err)
		}
		stored.saw(n)
	}
	check(t, errors.Join(lines.Err(), counting.Wait()))
}

// readOn reads a user again and again, which must never have gone back.
func readOn(t *testing.T, db *DB, id domain.UserID, stored *highest, done *atomic.Bool) {
	for !done.Load() {
		least := stored.Load()
		u, err := db.Users().ByID(t.Context(), id)
		if err != nil || u.CredentialsVersion < least {
			t.Errorf("read %d, %v, where %d was stored", u.CredentialsVersion, err, least)
			return
		}
		stored.saw(u.CredentialsVersion)
	}
}

// signInOn makes one session after the other, and reads it.
func signInOn(t *testing.T, db *DB, user domain.User, done *atomic.Bool) {
	for !done.Load() {
		s := newSession(user)
		err := db.Sessions().Create(t.Context(), s)
		got, readErr := db.Sessions().Get(t.Context(), user.ID, s.ID)
		if err != nil || readErr != nil || got != s {
			t.Errorf("created with %v, got %+v, %v, want %+v", err, got, readErr, s)
			return
		}
	}
}
