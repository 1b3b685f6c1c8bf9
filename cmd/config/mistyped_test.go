package config_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/latchkey-auth/latchkey/cmd/config"
)

// TestMistypedNames: slips are found, and what other programs are set by is left alone.
func TestMistypedNames(t *testing.T) {
	for name, want := range map[string]string{
		"ACESS_TOKEN_SECRET": "ACCESS_TOKEN_SECRET", "ACCESS_TOKEN_SECRETS": "ACCESS_TOKEN_SECRET", "ACCESS_TOKEN_SERCET": "ACCESS_TOKEN_SECRET",
		"MONGO_DB_URI": "MONGODB_URI", "MONGO_URI": "MONGODB_URI", "DATADIR": "DATA_DIR", "PROT": "PORT", "port": "PORT", "PORTS": "PORT",
		"CLIENT_URLS": "CLIENT_URL", "COOKIE_SAME_SITE": "COOKIE_SAMESITE", "TRUSTED_PROXYS": "TRUSTED_PROXIES",

		"PORT": "", "ACCESS_TOKEN_SECRET": "", "HOME": "", "PATH": "", "HOSTNAME": "", "LANG": "", "SHELL": "", "PWD": "", "": "", "P": "",
		"REDIS_PASSWORD": "", "CORS_ORIGIN": "", "NODE_ENV": "", "DB_NAME": "", "LATCHKEY_PORT": "", "CLOUDINARY_URL": "",
	} {
		hints := config.Mistyped(map[string]string{name: "x"})
		if want == "" {
			if len(hints) > 0 {
				t.Errorf("%s: %q", name, hints)
			}
			continue
		}
		if say := name + " is set, which is no setting: did you mean " + want + "?"; len(hints) != 1 || hints[0] != say {
			t.Errorf("%s: %q, want %q", name, hints, say)
		}
	}
}

// TestMistypedNamesInTheFile: nothing is wrong with the line, and so the error is of the name, and shows no value.
func TestMistypedNamesInTheFile(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	text := "PORT=0\nREDIS_PASSWORD=x\nACESS_TOKEN_SECRET='" + newestSecret + "'\n"
	if err := os.WriteFile(filepath.Join(dir, ".env"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := config.Environment()
	const want = `.env: got "ACESS_TOKEN_SECRET", which is no setting (did you mean ACCESS_TOKEN_SECRET?); takes the settings that "latchkey config" lists`
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}
