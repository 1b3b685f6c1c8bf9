package jwt

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/latchkey-auth/latchkey/domain"
)

// OpenSecret reads a secret from a file. Where there is none, it makes one of 256 random bits, and says so.
func OpenSecret(path string) (secret domain.Secret, created bool, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return domain.Secret{}, false, err
	}
	random := make([]byte, 32)
	_, _ = rand.Read(random) // never fails
	if created, err = createFile(path, []byte(base64.RawURLEncoding.EncodeToString(random)+"\n")); err != nil {
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
func createFile(path string, data []byte) (created bool, err error) {
	if _, err := os.Lstat(path); err == nil {
		return false, nil
	}
	temp, err := os.CreateTemp(filepath.Dir(path), ".new-*") // of mode 0600
	if err != nil {
		return false, err
	}
	defer os.Remove(temp.Name())
	_, err = temp.Write(data)
	if err = errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return false, err
	}
	err = os.Link(temp.Name(), path) // unlike a rename, fails where there is one
	if errors.Is(err, os.ErrExist) {
		return false, nil
	}
	return err == nil, err
}
