// Package ownership gives what root makes to whom the folder belongs that it is made in: an operator's command may be run as
// root, beside a service that is not. Where root may not give anything away, all stays as it is.
package ownership

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Give gives a file that was just made to the owner of its folder. It goes by the open file: whoever owns the folder may
// have put a link to somebody else's file in its place.
func Give(f *os.File) {
	if uid, gid, ok := ownerOf(filepath.Dir(f.Name())); ok {
		_ = f.Chown(uid, gid)
	}
}

// MkdirAll is os.MkdirAll of mode 0700, and gives away each folder that it makes.
func MkdirAll(dir string) error {
	var missing []string
	for at := filepath.Clean(dir); ; at = filepath.Dir(at) {
		if _, err := os.Lstat(at); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		missing = append(missing, at)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil || len(missing) == 0 {
		return err
	}
	uid, gid, ok := ownerOf(filepath.Dir(missing[len(missing)-1]))
	for _, at := range missing {
		if ok {
			_ = os.Lchown(at, uid, gid)
		}
	}
	return nil
}

// GiveNamed is Give of files by their names, a link itself rather than what it leads to.
func GiveNamed(paths ...string) {
	for _, path := range paths {
		if uid, gid, ok := ownerOf(filepath.Dir(path)); ok {
			_ = os.Lchown(path, uid, gid)
		}
	}
}

// Create makes an empty file of mode 0600, for somebody who is to open it by its name. What is there already is left as it is.
func Create(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	Give(f)
	return f.Close()
}
