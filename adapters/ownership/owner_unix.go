//go:build unix

package ownership

import (
	"os"
	"syscall"
)

// ownerOf is whom a folder belongs to; not ok where this is not root, who alone can give anything away.
func ownerOf(folder string) (uid, gid int, ok bool) {
	if os.Geteuid() != 0 {
		return 0, 0, false
	}
	info, err := os.Stat(folder)
	if err != nil {
		return 0, 0, false
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, 0, false
	}
	return int(owner.Uid), int(owner.Gid), true
}
