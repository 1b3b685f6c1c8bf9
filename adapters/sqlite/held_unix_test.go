//go:build unix

package sqlite

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

func init() { roles["ask-lock"] = askLock }

// askLock says whether another process has SQLite's lock on an index, which shows that it is in use.
func askLock(args []string) error {
	const sharedByAll = 128 // walformat.html, 2.3: "DMS"
	f, err := os.Open(args[0] + "-shm")
	if err != nil {
		return err
	}
	lock := unix.Flock_t{Type: unix.F_WRLCK, Whence: io.SeekStart, Start: sharedByAll, Len: 1}
	if err := unix.FcntlFlock(f.Fd(), unix.F_GETLK, &lock); err != nil {
		return err
	}
	fmt.Println(lock.Type != unix.F_UNLCK)
	return f.Close()
}

func isLocked(t *testing.T, path string) {
	t.Helper()
	if answer(t, "ask-lock", path) != "true" {
		t.Error("others may take the log for abandoned")
	}
}

// Closing one of several databases on a file takes no lock away from the others, whichever opened the index.
func TestLocksStayWhenAnotherUserOfTheFileCloses(t *testing.T) {
	path := newPath(t)
	first := openAt(t, path, atBirth)
	second := openAt(t, path, atBirth)
	isLocked(t, path)
	check(t, second.Close())
	isLocked(t, path)
	third := openAt(t, path, atBirth)
	check(t, first.Close())
	isLocked(t, path)
	check(t, third.Users().Create(t.Context(), newUser("ada")))
}

// So too for a database that is only just being opened.
func TestLocksStayWhenAnotherUserOfTheFileOpens(t *testing.T) {
	path := newPath(t)
	db := openAt(t, path, atBirth)
	opening, err := holdFile(path)
	check(t, err)
	connected, err := connect(t.Context(), path, readWrite)
	check(t, err)
	check(t, connected.row(`SELECT count(*) FROM users`).Scan(new(int)))
	check(t, db.Close())
	isLocked(t, path)
	check(t, connected.close())
	check(t, opening.release())
}

func TestFilesAreLetGo(t *testing.T) {
	path := newPath(t)
	db := openAt(t, path, atBirth)
	for range 3 {
		check(t, openAt(t, path, atBirth).Close())
	}
	indexes := db.file.indexes
	if len(indexes) != 1 {
		t.Errorf("the index was opened %d times", len(indexes))
	}
	check(t, db.Close())
	for _, f := range indexes {
		if _, err := f.Stat(); err == nil {
			t.Error("the index is still open")
		}
	}
	isNotHeld(t, path)
}

func TestFileThatCannotBeOpenedIsLetGo(t *testing.T) {
	path := newPath(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Open(ctx, path, atBirth); err == nil {
		t.Error("it was opened")
	}
	isNotHeld(t, path)
}

func isNotHeld(t *testing.T, path string) {
	t.Helper()
	info, err := os.Stat(path)
	check(t, err)
	for _, h := range holding.files {
		if os.SameFile(info, h.info) {
			t.Error("the file is still held")
		}
	}
}

// SQLite removes the index with the last connection. The next makes another, which is the one to look at.
func TestIndexThatIsMadeAnewIsLookedAt(t *testing.T) {
	path := newPath(t)
	db, user, session := stored(t, path, atBirth)
	opening, err := holdFile(path)
	check(t, err)
	check(t, db.Close())
	db = openAt(t, path, atBirth)
	shows(t, db, user, session)
	user.Fullname = "Ada"
	check(t, openAt(t, path, atBirth).Users().Update(t.Context(), user))
	user.Version++
	shows(t, db, user, session)
	check(t, opening.release())
}

// The index is found where SQLite has it, and is not looked for where that may be elsewhere.
func TestIndexIsThatOfTheFile(t *testing.T) {
	path := newPath(t)
	check(t, openAt(t, path, atBirth).Close())
	folder := t.TempDir()
	symbolic, hard := filepath.Join(folder, "symbolic.db"), filepath.Join(folder, "hard.db")
	check(t, os.Symlink(path, symbolic))
	db := openAt(t, symbolic, atBirth)
	if db.cache.watch.index == nil {
		t.Error("not found by a symbolic link")
	}
	check(t, db.Close())
	check(t, os.Link(path, hard))
	if openAt(t, hard, atBirth).cache.watch.index != nil {
		t.Error("of a file with two names, one is trusted")
	}
}

// A database that is replaced while it is being opened goes on without an index: what has its name now is another's.
func TestIndexOfAReplacedFileIsNotLookedAt(t *testing.T) {
	path := newPath(t)
	check(t, openAt(t, path, atBirth).Close())
	opening, err := holdFile(path)
	check(t, err)
	check(t, os.Rename(path, path+".old"))
	openAt(t, path, atBirth)
	if opening.index(path) != nil {
		t.Error("the index of another file is looked at")
	}
	check(t, opening.release())
}

// A database that is removed while it is open stays as it is for those who have it open, and another may take its place.
func TestReplacedDatabasesAreKeptApart(t *testing.T) {
	path := newPath(t)
	db, user, session := stored(t, path, atBirth)
	for _, suffix := range []string{"", "-wal", "-shm"} {
		check(t, os.Remove(path+suffix))
	}
	replacement, other, otherSession := stored(t, path, atBirth)
	for range 3 {
		user.Fullname += "!"
		other.Fullname += "?"
		check(t, db.Users().Update(t.Context(), user))
		check(t, replacement.Users().Update(t.Context(), other))
		user.Version++
		other.Version++
		shows(t, db, user, session)
		shows(t, replacement, other, otherSession)
	}
	check(t, db.Close())
	isLocked(t, path)
}
