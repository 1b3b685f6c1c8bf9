package jwt

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
)

// activeFile names, in the folder of keys, the key that signs. The keys stand beside it as "<kid>.pem".
const activeFile = "active"

const (
	// PublishedFor is how long verifiers may keep what they have read of the JWK set:
	// a key has to be in it for so long before it signs.
	PublishedFor = 5 * time.Minute
	// ReloadEvery is how soon processes notice what has changed in the folder.
	ReloadEvery = 5 * time.Second
)

// The steps of a rotation that are refused.
var (
	ErrNoSuchKey   = errors.New("there is no such key")
	ErrTooEarly    = errors.New("it is too early")
	ErrKeyIsActive = errors.New("this key signs; activate another one first")
)

// KeyInfo is what can be seen of a key in a folder.
type KeyInfo struct {
	ID     string
	Active bool
	Since  time.Time // when it was made
}

// KeyFolder is a folder of keys, and what operators do with it: a new key is added, activated once every verifier knows
// it, and the old one retired once the last token that it signed has expired. Processes that run notice by themselves.
type KeyFolder struct {
	Dir string
	Now func() time.Time
	// Rotated is told of every step that is taken; it may be nil.
	Rotated func(domain.KeyRotation)
	// Made is shown each file that is made, before anybody else can see it, to give it to another owner; it may be nil.
	Made func(*os.File)
}

// List is the keys, in the order of their ids.
func (f KeyFolder) List() ([]KeyInfo, error) {
	active, err := f.active()
	if err != nil {
		return nil, err
	}
	paths, err := filepath.Glob(keyPath(f.Dir, "*"))
	if err != nil {
		return nil, err
	}
	var all []KeyInfo
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		id := strings.TrimSuffix(filepath.Base(path), ".pem")
		all = append(all, KeyInfo{ID: id, Active: id == active, Since: info.ModTime()})
	}
	return all, nil
}

// Add makes a key, which is published and accepted, and does not sign.
func (f KeyFolder) Add() (id string, err error) {
	if _, err := f.active(); err != nil {
		return "", err
	}
	key, err := makeKey(f.Dir, f.Made)
	if err != nil {
		return "", err
	}
	f.took(key.ID, domain.KeyAdded)
	now := f.Now()
	return key.ID, os.Chtimes(keyPath(f.Dir, key.ID), now, now)
}

// Activate makes a key the one that signs. It is ErrTooEarly while verifiers may not know it, unless forced.
func (f KeyFolder) Activate(id string, force bool) error {
	key, err := f.find(id)
	if err != nil || key.Active {
		return err
	}
	if wait := key.Since.Add(ReloadEvery + PublishedFor).Sub(f.Now()); wait > 0 && !force {
		return fmt.Errorf("%w: verifiers may not know this key for another %v", ErrTooEarly, wait.Round(time.Second))
	}
	if err := replaceFile(filepath.Join(f.Dir, activeFile), []byte(id+"\n"), f.Now(), f.Made); err != nil {
		return err
	}
	f.took(id, domain.KeyActivated)
	return nil
}

// Retire removes a key. It is ErrTooEarly while a token that it signed may be good, unless forced: the last one may
// have been signed when the key that signs now was activated, and be good for the life of an access token.
func (f KeyFolder) Retire(id string, accessTTL time.Duration, force bool) error {
	key, err := f.find(id)
	if err != nil {
		return err
	}
	if key.Active {
		return ErrKeyIsActive
	}
	activated, err := os.Stat(filepath.Join(f.Dir, activeFile))
	if err != nil {
		return err
	}
	last := activated.ModTime().Add(ReloadEvery + accessTTL + leeway)
	if wait := last.Sub(f.Now()); wait > 0 && !force {
		return fmt.Errorf("%w: a token signed by this key may be good for another %v", ErrTooEarly, wait.Round(time.Second))
	}
	if err := os.Remove(keyPath(f.Dir, id)); err != nil {
		return err
	}
	f.took(id, domain.KeyRetired)
	return nil
}

func (f KeyFolder) took(id string, step domain.KeyStep) {
	if f.Rotated != nil {
		f.Rotated(domain.KeyRotation{KeyID: id, Step: step})
	}
}

// find looks a key up by its id among those that are there: an id is never taken for part of a path. It fails where a step
// would come to nothing, since processes go on as before while they cannot read the folder, or have the key from a file of
// another name.
func (f KeyFolder) find(id string) (KeyInfo, error) {
	all, err := f.List()
	if err != nil {
		return KeyInfo{}, err
	}
	accepted, err := readKeys(f.Dir)
	if err != nil {
		return KeyInfo{}, err
	}
	found, err := KeyInfo{}, ErrNoSuchKey
	for _, key := range all {
		if _, ok := accepted.byID[key.ID]; !ok {
			return KeyInfo{}, fmt.Errorf("%s holds a key of another id", keyPath(f.Dir, key.ID))
		}
		if key.ID == id {
			found, err = key, nil
		}
	}
	return found, err
}

func (f KeyFolder) active() (string, error) {
	name, err := os.ReadFile(filepath.Join(f.Dir, activeFile))
	return strings.TrimSpace(string(name)), err
}

// makeFirstKey makes a key and the active file. Of processes that start at once, one makes the file; the others' keys
// are not named by it and go again.
func makeFirstKey(dir string) (created bool, err error) {
	key, err := makeKey(dir, nil)
	if err != nil {
		return false, err
	}
	created, err = createFile(filepath.Join(dir, activeFile), []byte(key.ID+"\n"), nil)
	if err != nil || !created {
		_ = os.Remove(keyPath(dir, key.ID))
	}
	return created, err
}

func makeKey(dir string, made func(*os.File)) (key Key, err error) {
	for key.ID == "" || key.ID[0] == '-' { // which a command line would take for an option
		_, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			return Key{}, err
		}
		key = Ed25519Key(private)
	}
	encoded, err := key.marshalPEM()
	if err != nil {
		return Key{}, err
	}
	_, err = createFile(keyPath(dir, key.ID), encoded, made)
	return key, err
}

func readKeys(dir string) (*keys, error) {
	paths, err := filepath.Glob(keyPath(dir, "*"))
	if err != nil {
		return nil, err
	}
	byID := map[string]Key{}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			continue // retired a moment ago, or taken back by a process that started beside this one
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
	name, err := KeyFolder{Dir: dir}.active()
	if err != nil {
		return nil, err
	}
	active, ok := byID[name]
	if !ok {
		return nil, fmt.Errorf("%s names a key that is not there", filepath.Join(dir, activeFile))
	}
	return &keys{active: active, byID: byID}, nil
}

func keyPath(dir, id string) string { return filepath.Join(dir, id+".pem") }
