package jwt

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/latchkey-auth/latchkey/domain"
)

// Keyring holds the keys of access tokens: one that signs, and all that are accepted.
type Keyring struct {
	active Key
	byID   map[string]Key
}

// HMACKeyring holds the one key of HS256.
func HMACKeyring(secret domain.Secret) *Keyring {
	return NewKeyring(HMACKey(secret))
}

// NewKeyring holds a key that signs and others that are accepted too.
func NewKeyring(active Key, others ...Key) *Keyring {
	k := &Keyring{active: active, byID: map[string]Key{active.ID: active}}
	for _, other := range others {
		k.byID[other.ID] = other
	}
	return k
}

// activeFile names, in the folder of keys, the key that signs. The keys stand beside it as "<kid>.pem".
const activeFile = "active"

// OpenKeyring reads the Ed25519 keys of a folder. In a new folder it makes the first key, and says so.
func OpenKeyring(dir string) (keys *Keyring, created bool, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, false, err
	}
	if _, err := os.Stat(filepath.Join(dir, activeFile)); os.IsNotExist(err) {
		if created, err = makeFirstKey(dir); err != nil {
			return nil, false, fmt.Errorf("making the first key: %w", err)
		}
	}
	keys, err = readKeyring(dir)
	return keys, created, err
}

// makeFirstKey makes a key and the active file. Of processes that start at once, one makes the file; the others' keys
// are not named by it and go again.
func makeFirstKey(dir string) (created bool, err error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return false, err
	}
	key := Ed25519Key(private)
	encoded, err := key.marshalPEM()
	if err != nil {
		return false, err
	}
	path := keyPath(dir, key.ID)
	if _, err := createFile(path, encoded); err != nil {
		return false, err
	}
	created, err = createFile(filepath.Join(dir, activeFile), []byte(key.ID+"\n"))
	if err != nil || !created {
		_ = os.Remove(path)
	}
	return created, err
}

func readKeyring(dir string) (*Keyring, error) {
	paths, err := filepath.Glob(keyPath(dir, "*"))
	if err != nil {
		return nil, err
	}
	byID := map[string]Key{}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			continue // a process that started beside this one took its own key back
		}
		if err != nil {
			return nil, err
		}
		key, err := parsePEM(data)
		if err != nil {
			return nil, fmt.Errorf("%s %w", path, err)
		}
		byID[key.ID] = key
	}
	name, err := os.ReadFile(filepath.Join(dir, activeFile))
	if err != nil {
		return nil, err
	}
	active, ok := byID[strings.TrimSpace(string(name))]
	if !ok {
		return nil, fmt.Errorf("%s names a key that is not there", filepath.Join(dir, activeFile))
	}
	return &Keyring{active: active, byID: byID}, nil
}

func keyPath(dir, id string) string { return filepath.Join(dir, id+".pem") }

// Active is the key that signs.
func (k *Keyring) Active() Key { return k.active }

// Find is the accepted key of that id.
func (k *Keyring) Find(id string) (Key, bool) {
	key, ok := k.byID[id]
	return key, ok
}

// ServeHTTP answers the public keys as a JWK set (RFC 7517, section 5). Symmetric keys are not in it.
func (k *Keyring) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	set := struct {
		Keys []map[string]string `json:"keys"`
	}{[]map[string]string{}}
	for _, key := range k.byID {
		if jwk, ok := key.jwk(); ok {
			set.Keys = append(set.Keys, jwk)
		}
	}
	w.Header().Set("Content-Type", "application/jwk-set+json")
	w.Header().Set("Cache-Control", "public, max-age=300")
	_ = json.NewEncoder(w).Encode(set) // the client has left
}
