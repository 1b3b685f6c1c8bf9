//go:build unix

package sqlite

import (
	"os"
	"runtime/debug"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// walIndex is the index of a database's log, in the memory that all who use the database share. It begins with two copies
// of a header, 48 bytes each (https://sqlite.org/walformat.html, 2.1), that no two states of the database have in
// common: it is what SQLite itself compares to know whether what it has cached is outdated.
type walIndex struct {
	memory []byte
	copies *[2]version
}

const (
	// walIndexFormat is what the header begins with, once there is one.
	walIndexFormat = 3_007_000
	// attempts is how often the header is read before somebody who writes it is taken to have come to grief. Whoever
	// reads the database then waits, and mends it if need be.
	attempts = 100
)

// mapIndex is nil where the file cannot be mapped or holds no header.
func mapIndex(f *os.File) *walIndex {
	const size = int(unsafe.Sizeof([2]version{}))
	if info, err := f.Stat(); err != nil || info.Size() < int64(size) {
		return nil
	}
	memory, err := unix.Mmap(int(f.Fd()), 0, size, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil
	}
	return &walIndex{memory, (*[2]version)(unsafe.Pointer(unsafe.SliceData(memory)))}
}

// version is the header, or the zero version if it is being written or cannot be read.
func (x *walIndex) version() (v version) {
	// Somebody may have cut the file short, or its disk may fail.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if fault := recover(); fault != nil {
			v = version{}
		}
	}()
	for range attempts {
		if v, ok := x.try(); ok {
			return v
		}
	}
	return version{}
}

// try reads the copies in the order in which SQLite does. It writes them in the other: once the first can be seen, so can
// the second. They differ while it is at it.
func (x *walIndex) try() (version, bool) {
	var copies [2]version
	for i := range copies {
		for j := range copies[i] {
			copies[i][j] = atomic.LoadUint32(&x.copies[i][j])
		}
	}
	return copies[0], copies[0] == copies[1] && copies[0][0] == walIndexFormat
}

func (x *walIndex) close() error {
	if x == nil {
		return nil
	}
	return unix.Munmap(x.memory)
}
