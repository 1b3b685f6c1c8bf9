//go:build !unix

package ownership

func ownerOf(string) (uid, gid int, ok bool) { return 0, 0, false }
