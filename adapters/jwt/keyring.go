package jwt

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/latchkey-auth/latchkey/domain"
)

// Keyring holds the keys of access tokens: one that signs, and all that are accepted. It is safe for concurrent use.
type Keyring struct {
	dir       string // "" where the keys are fixed
	state     atomic.Pointer[keys]
	reloading sync.Mutex
}

// keys is the keys of a moment.
type keys struct {
	active Key
	byID   map[string]Key
}

// HMACKeyring holds the one key of HS256.
func HMACKeyring(secret domain.Secret) *Keyring {
	return NewKeyring(HMACKey(secret))
}

// NewKeyring holds a key that signs and others that are accepted too.
func NewKeyring(active Key, others ...Key) *Keyring {
	state := &keys{active: active, byID: map[string]Key{active.ID: active}}
	for _, other := range others {
		state.byID[other.ID] = other
	}
	k := &Keyring{}
	k.state.Store(state)
	return k
}

// OpenKeyring reads the Ed25519 keys of a folder. In a new folder it makes the first key, and says so.
func OpenKeyring(dir string) (k *Keyring, created bool, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, false, err
	}
	if _, err := os.Stat(filepath.Join(dir, activeFile)); os.IsNotExist(err) {
		if created, err = makeFirstKey(dir); err != nil {
			return nil, false, fmt.Errorf("making the first key: %w", err)
		}
	}
	state, err := readKeys(dir)
	if err != nil {
		return nil, false, err
	}
	k = &Keyring{dir: dir}
	k.state.Store(state)
	return k, created, nil
}

// Reload reads the folder again, and answers the steps that were taken since. When that fails, all stays as it was.
func (k *Keyring) Reload() ([]domain.KeyRotation, error) {
	if k.dir == "" {
		return nil, nil
	}
	k.reloading.Lock() // what was read first is not to be kept last
	defer k.reloading.Unlock()
	state, err := readKeys(k.dir)
	if err != nil {
		return nil, err
	}
	return k.state.Swap(state).stepsTo(state), nil
}

// stepsTo is what was done to the keys to become the next ones.
func (k *keys) stepsTo(next *keys) (steps []domain.KeyRotation) {
	step := func(id string, step domain.KeyStep) {
		steps = append(steps, domain.KeyRotation{KeyID: id, Step: step})
	}
	for _, id := range slices.Sorted(maps.Keys(next.byID)) {
		if _, known := k.byID[id]; !known {
			step(id, domain.KeyAdded)
		}
	}
	if next.active.ID != k.active.ID {
		step(next.active.ID, domain.KeyActivated)
	}
	for _, id := range slices.Sorted(maps.Keys(k.byID)) {
		if _, kept := next.byID[id]; !kept {
			step(id, domain.KeyRetired)
		}
	}
	return steps
}

// Active is the key that signs.
func (k *Keyring) Active() Key { return k.state.Load().active }

// Find is the accepted key of that id.
func (k *Keyring) Find(id string) (Key, bool) {
	key, ok := k.state.Load().byID[id]
	return key, ok
}

// findByHeader is the accepted key whose tokens of that type have this header.
func (k *Keyring) findByHeader(typ, header string) (Key, bool) {
	for _, key := range k.state.Load().byID { // there are few
		if key.headers[typ] == header {
			return key, true
		}
	}
	return Key{}, false
}

// ServeHTTP answers the public keys as a JWK set (RFC 7517, section 5). Symmetric keys are not in it.
func (k *Keyring) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	set := struct {
		Keys []map[string]string `json:"keys"`
	}{[]map[string]string{}}
	byID := k.state.Load().byID
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		if jwk, ok := byID[id].jwk(); ok {
			set.Keys = append(set.Keys, jwk)
		}
	}
	w.Header().Set("Content-Type", "application/jwk-set+json")
	w.Header().Set("Cache-Control", fmt.Sprintf("public, max-age=%d", int(PublishedFor.Seconds())))
	_ = json.NewEncoder(w).Encode(set) // the client has left
}
