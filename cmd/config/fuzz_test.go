package config_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/cmd/config"
)

// oneLine checks that an error is the one line that names a variable, and does not show what must not be seen.
func oneLine(t *testing.T, err error, hidden string) *config.Error {
	t.Helper()
	wrong, ok := errors.AsType[*config.Error](err)
	if !ok || wrong.Name == "" || wrong.Takes == "" {
		t.Fatalf("got %T %v, want an error that names the variable", err, err)
	}
	if strings.ContainsAny(err.Error(), "\r\n\x00") {
		t.Errorf("more than a line: %q", err)
	}
	if len(hidden) > 8 && strings.Contains(err.Error(), hidden) {
		t.Errorf("%q shows what is secret", err)
	}
	return wrong
}

// FuzzSetting: any value of any setting is refused in one line that names it, or taken; then what is shown of it is
// taken for the same, and shows no secret. A name that is none stands for the next one.
func FuzzSetting(f *testing.F) {
	settings := config.Settings()
	slices.SortFunc(settings, func(a, b config.Setting) int { return strings.Compare(a.Name, b.Name) })
	for _, s := range settings {
		f.Add(s.Name, s.Default)
	}
	f.Fuzz(func(t *testing.T, name, value string) {
		i := sort.Search(len(settings), func(i int) bool { return settings[i].Name >= name })
		s := settings[i%len(settings)]
		secret := ""
		if s.Secret {
			secret = value
		}
		vars := map[string]string{s.Name: value}
		cfg, err := config.Parse(vars)
		if err != nil {
			if wrong := oneLine(t, err, secret); wrong.Name != s.Name && wrong.Takes != s.Takes {
				t.Errorf("%s=%q: %v", s.Name, value, err)
			}
			return
		}
		shown := s.Value(cfg, vars)
		if everything := fmt.Sprintf("%v %+v %#v %s", cfg, cfg, cfg, shown); len(secret) > 8 && strings.Contains(everything, secret) {
			t.Errorf("%s=%q is shown", s.Name, value)
		}
		if strings.Contains(shown, "[hidden]") || shown == "" {
			return
		}
		again, err := config.Parse(map[string]string{s.Name: shown})
		if err != nil || !reflect.DeepEqual(again, cfg) {
			t.Errorf("%s=%q is shown as %q, which is %+v, %v", s.Name, value, shown, again, err)
		}
	})
}

// passwordOption is how the options of a URL end that are to have a password.
var passwordOption = regexp.MustCompile(`(?i)[?&;]\w*password=$`)

// FuzzStorePassword: a password in the address of a store is shown nowhere, however odd the address, be it before the host
// or among the options.
func FuzzStorePassword(f *testing.F) {
	f.Add("mongodb://root", "db.example.org/people?tlsCertificateKeyFilePassword=")
	f.Add("redis+sentinel://", "localhost:26379/0?master_name=m&password=")
	f.Add("cloudinary://key", "cloud?")
	const password = "5ecret-p4ssword"
	f.Fuzz(func(t *testing.T, user, host string) {
		if !strings.Contains(user, "://") {
			return // a path, say
		}
		for _, name := range []string{"USER_STORE", "TOKEN_STORE", "MONGODB_URI", "IMAGE_STORE"} {
			vars := map[string]string{name: user + ":" + password + "@" + host}
			if passwordOption.MatchString(host) {
				vars[name] = user + "@" + host + password
			}
			cfg, err := config.Parse(vars)
			if err != nil {
				oneLine(t, err, password)
				continue
			}
			for _, s := range config.Settings() {
				if shown := s.Value(cfg, vars); strings.Contains(shown, password) {
					t.Errorf("%s=%q: %s shows %q", name, vars[name], s.Name, shown)
				}
			}
			if shown := fmt.Sprintf("%v %+v %#v", cfg, cfg, cfg); strings.Contains(shown, password) {
				t.Errorf("%s=%q shows its password", name, vars[name])
			}
		}
	})
}

// FuzzDotEnv: any file .env is refused in one line that quotes none of it, or read; what the process says wins.
func FuzzDotEnv(f *testing.F) {
	f.Add("PORT=8000\nexport HOST='localhost' # here\n")
	f.Fuzz(func(t *testing.T, content string) {
		dir := t.TempDir()
		t.Chdir(dir)
		t.Setenv("LATCHKEY_SAYS", "so")
		if err := os.WriteFile(filepath.Join(dir, ".env"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		vars, err := config.Environment()
		if err != nil {
			oneLine(t, err, strings.TrimSpace(content))
			return
		}
		if vars["LATCHKEY_SAYS"] != "so" {
			t.Errorf("%q has the last word: %q", content, vars["LATCHKEY_SAYS"])
		}
		if _, err := config.Parse(vars); err != nil {
			oneLine(t, err, "")
		}
	})
}
