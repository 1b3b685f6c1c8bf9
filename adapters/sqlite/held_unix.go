//go:build unix

package sqlite

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// held is a database's file that this process has open, or is about to open, any number of times.
//
// A process that closes a file loses all the locks that it has on it, also those that it took by another descriptor
// (POSIX): SQLite's, here, without which others would take the log for abandoned. So what was opened of the index is
// closed when this process has no connection to the database any more, and not before.
type held struct {
	info    os.FileInfo
	users   int
	indexes []*os.File // more than one if SQLite has removed the index and made another
}

// holding are the files that this process holds: one list, since locks are the process's.
var holding struct {
	sync.Mutex
	files []*held
}

// holdFile is called before the file is connected to, and release when all connections are closed.
func holdFile(path string) (*held, error) {
	holding.Lock()
	defer holding.Unlock()
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	for _, h := range holding.files {
		if os.SameFile(info, h.info) {
			h.users++
			return h, nil
		}
	}
	h := &held{info: info, users: 1}
	holding.files = append(holding.files, h)
	return h, nil
}

func (h *held) release() error {
	holding.Lock()
	defer holding.Unlock()
	if h.users--; h.users > 0 {
		return nil
	}
	holding.files = slices.DeleteFunc(holding.files, func(other *held) bool { return other == h })
	var errs []error
	for _, f := range h.indexes {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}

// index is the index of the log, which a connection must have open by now; nil if it cannot be seen.
func (h *held) index(path string) *walIndex {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil
	}
	f := h.open(path + "-shm")
	// SQLite names the index after the file. If the file has been replaced since it was held, or has another name, then
	// this may be the index of something else.
	if f == nil || !h.isOnlyAt(path) {
		return nil
	}
	return mapIndex(f)
}

// open opens an index, unless it is open. What was opened is not closed, even if it is of no use.
func (h *held) open(name string) *os.File {
	holding.Lock()
	defer holding.Unlock()
	info, err := os.Stat(name)
	if err != nil {
		return nil
	}
	for _, f := range h.indexes {
		if known, err := f.Stat(); err == nil && os.SameFile(info, known) {
			return f
		}
	}
	f, err := os.OpenFile(name, os.O_RDONLY|unix.O_NOFOLLOW, 0)
	if err != nil {
		return nil
	}
	h.indexes = append(h.indexes, f)
	return f
}

func (h *held) isOnlyAt(path string) bool {
	info, err := os.Stat(path)
	if err != nil || !os.SameFile(info, h.info) {
		return false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && stat.Nlink == 1
}
