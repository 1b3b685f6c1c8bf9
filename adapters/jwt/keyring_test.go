package jwt_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/latchkey-auth/latchkey/adapters/jwt"
)

func TestFirstStartMakesOneKeyForAll(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	const processes = 16
	ids := make([]string, processes)
	made := make([]bool, processes)
	var all sync.WaitGroup
	for i := range processes {
		all.Go(func() {
			keys, created, err := jwt.OpenKeyring(dir)
			if err != nil {
				t.Error(err)
				return
			}
			ids[i], made[i] = keys.Active().ID, created
		})
	}
	all.Wait()
	makers := 0
	for i := range processes {
		if ids[i] != ids[0] {
			t.Errorf("process %d signs by key %s, process 0 by %s", i, ids[i], ids[0])
		}
		if made[i] {
			makers++
		}
	}
	if makers != 1 {
		t.Errorf("%d processes say that they made the key", makers)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	if len(files) != 2 {
		t.Errorf("the folder holds %v, want one key and the file that names it", files)
	}
	for _, file := range files {
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v (%v)", file, info.Mode(), err)
		}
	}
	if info, _ := os.Stat(dir); info.Mode().Perm() != 0o700 {
		t.Errorf("the folder has mode %v", info.Mode())
	}
}

func TestDamagedKeyFilesAreErrors(t *testing.T) {
	for name, damage := range map[string]func(t *testing.T, dir string){
		"rubbish in a key": func(t *testing.T, dir string) { write(t, filepath.Join(dir, "x.pem"), "rubbish") },
		"active names nothing": func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "active"), "nothing")
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if _, _, err := jwt.OpenKeyring(dir); err != nil {
				t.Fatal(err)
			}
			damage(t, dir)
			if _, _, err := jwt.OpenKeyring(dir); err == nil {
				t.Error("it opens all the same")
			}
		})
	}
}

func TestSecretIsMadeOnceAndKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sub", "secret")
	first, created, err := jwt.OpenSecret(path)
	if err != nil || !created || len(first.Reveal()) < 43 {
		t.Fatalf("created %v, %d bytes, %v", created, len(first.Reveal()), err)
	}
	again, created, err := jwt.OpenSecret(path)
	if err != nil || created || !again.Equal(first) {
		t.Errorf("the second start made another (%v, %v)", created, err)
	}
	write(t, path, "short")
	if _, _, err := jwt.OpenSecret(path); err == nil {
		t.Error("a short secret is taken")
	}
}

func write(t *testing.T, path, data string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
}
