package password

import (
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/latchkey-auth/latchkey/adapters/password/internal/argon2"
)

const blockBytes = int(unsafe.Sizeof(argon2.Block{}))

// mapBlocks asks the system for blocks, and Go where the system has none to give.
func mapBlocks(n int) (blocks []argon2.Block, unmap func()) {
	mapped, err := unix.Mmap(-1, 0, n*blockBytes, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		return make([]argon2.Block, n), nil
	}
	// Pages are aligned for whatever they hold.
	return unsafe.Slice((*argon2.Block)(unsafe.Pointer(unsafe.SliceData(mapped))), n), func() { _ = unix.Munmap(mapped) }
}
