//go:build unix

package sqlite

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
)

func init() { roles["crash"] = crash }

// crash leaves an index as a process does that was killed while it wrote the header.
func crash(args []string) error {
	f, err := os.OpenFile(args[0]+"-shm", os.O_RDWR, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(bytes.Repeat([]byte{0xff}, 8), 48+8) // into the second copy, which is written first
	return err
}

// Where a process was killed while it wrote the header, nothing is believed, until SQLite has mended it.
func TestIndexOfACrashedProcess(t *testing.T) {
	path := newPath(t)
	db, user, session := stored(t, path, atBirth)
	answer(t, "crash", path)
	for range 2 {
		state, err := db.cache.look(t.Context(), func() { t.Error("what is kept was believed") })
		if err != nil || state != 0 {
			t.Errorf("state %d, %v, want none for which to keep anything", state, err)
		}
	}
	shows(t, db, user, session)
	shows(t, db, user, session)
	withoutReaders(db, func() { shows(t, db, user, session) })

	answer(t, "crash", path)
	user.Fullname = "Ada"
	check(t, db.Users().Update(t.Context(), user))
	user.Version++
	shows(t, db, user, session)
}

// header is a file that begins with two copies.
func header(t *testing.T, copies ...version) *os.File {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "index"))
	check(t, err)
	t.Cleanup(func() { check(t, f.Close()) })
	check(t, binary.Write(f, binary.NativeEndian, copies))
	return f
}

func TestHeader(t *testing.T) {
	some, other := version{walIndexFormat, 0, 1}, version{walIndexFormat, 0, 2}
	for name, c := range map[string]struct{ first, second, want version }{
		"written":       {some, some, some},
		"being written": {some, other, version{}},
		"not written":   {version{}, version{}, version{}},
		"not a header":  {version{1, 2, 3}, version{1, 2, 3}, version{}},
	} {
		index := mapIndex(header(t, c.first, c.second))
		if got := index.version(); got != c.want {
			t.Errorf("%s: %x, want %x", name, got, c.want)
		}
		check(t, index.close())
	}
}

func TestHeaderThatIsCutOff(t *testing.T) {
	some := version{walIndexFormat}
	if mapIndex(header(t, some)) != nil {
		t.Error("half a header is mapped")
	}
	f := header(t, some, some)
	index := mapIndex(f)
	check(t, f.Truncate(0)) // to touch it is a fault now
	if got := index.version(); got != (version{}) {
		t.Errorf("%x, want none", got)
	}
	check(t, index.close())
}
