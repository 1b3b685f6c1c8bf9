package jwt

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
)

// OpenSecret reads a secret from a file. Where there is none, it makes one of 256 random bits, and says so.
func OpenSecret(path string) (secret domain.Secret, created bool, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return domain.Secret{}, false, err
	}
	random := make([]byte, 32)
	_, _ = rand.Read(random) // never fails
	if created, err = createFile(path, []byte(base64.RawURLEncoding.EncodeToString(random)+"\n"), nil); err != nil {
		return domain.Secret{}, false, err
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return domain.Secret{}, false, err
	}
	text := strings.TrimSpace(string(data))
	if len(text) < 32 {
		return domain.Secret{}, false, fmt.Errorf("%s holds fewer than 32 bytes", path)
	}
	return domain.NewSecret(text), created, nil
}

// createFile makes a file of mode 0600, whole and durable or not at all, and reports whether it did:
// a file that is there already is left as it is, also when processes start at once.
func createFile(path string, data []byte, made func(*os.File)) (created bool, err error) {
	if _, err := os.Lstat(path); err == nil {
		return false, nil
	}
	temp, err := writeBeside(path, data, made)
	if err != nil {
		return false, err
	}
	defer os.Remove(temp)
	err = os.Link(temp, path) // unlike a rename, fails where there is one
	if errors.Is(err, os.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, syncFolder(path)
}

// replaceFile puts a file of mode 0600 in the place of another, whole or not at all, as written at that time.
func replaceFile(path string, data []byte, at time.Time, made func(*os.File)) error {
	temp, err := writeBeside(path, data, made)
	if err != nil {
		return err
	}
	if err = os.Chtimes(temp, at, at); err == nil {
		err = os.Rename(temp, path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temp))
	}
	return syncFolder(path)
}

// syncFolder has the name of a new file survive a power failure, as its content does.
func syncFolder(path string) error {
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// writeBeside writes a file of mode 0600 into the folder of path, and answers its name once it is on the disk. While it is
// empty still, it is shown to made, which may be nil.
func writeBeside(path string, data []byte, made func(*os.File)) (name string, err error) {
	temp, err := os.CreateTemp(filepath.Dir(path), ".new-*") // of mode 0600
	if err != nil {
		return "", err
	}
	if made != nil {
		made(temp)
	}
	_, err = temp.Write(data)
	if err = errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return "", errors.Join(err, os.Remove(temp.Name()))
	}
	return temp.Name(), nil
}
