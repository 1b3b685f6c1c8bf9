package program_test

import (
	"database/sql"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/latchkey-auth/latchkey/cmd/config"
)

// obstacle is a setting that reads well and cannot be used.
type obstacle struct {
	name string
	// make puts it in the way of the program that is to run in dir.
	make func(t *testing.T, dir string) settings
	says string // a part of what the program says
}

// unusable is, by the setting that is to blame, what only turns out in use.
var unusable = map[string][]obstacle{
	"HOST": {
		{"of another machine", always(settings{"HOST": "203.0.113.1"}), "cannot assign requested address"},
		{"that is no name", always(settings{"HOST": "two words"}), "no such host"},
	},
	"OPERATOR_ADDR":   {{"of another machine", always(settings{"OPERATOR_ADDR": "203.0.113.1:8001"}), "cannot assign requested address"}},
	"COOKIE_SAMESITE": {{"none, and not Secure", always(settings{"COOKIE_SAMESITE": "None", "COOKIE_SECURE": "false"}), "with COOKIE_SECURE=false"}},
	"DATA_DIR": {
		{"below a file", belowAFile("DATA_DIR", ""), "not a directory"},
		{"below a file, images elsewhere", func(t *testing.T, dir string) settings {
			vars := belowAFile("DATA_DIR", "")(t, dir)
			vars["IMAGE_STORE"] = "disk:" + filepath.Join(dir, "images")
			return vars
		}, "not a directory"},
		{"below a file, stores elsewhere too", func(t *testing.T, dir string) settings {
			vars := belowAFile("DATA_DIR", "")(t, dir)
			vars["IMAGE_STORE"] = "disk:" + filepath.Join(dir, "images")
			vars["USER_STORE"], vars["TOKEN_STORE"] = "memory:", "memory:"
			return vars
		}, "not a directory"},
		{"with a damaged key", func(t *testing.T, dir string) settings {
			must(t, os.MkdirAll(filepath.Join(dir, "data", "keys"), 0o700))
			write(t, filepath.Join(dir, "data", "keys", "active"), "key")
			write(t, filepath.Join(dir, "data", "keys", "key.pem"), "rubbish")
			return nil
		}, "key.pem is no single PEM block"},
		{"with a key that cannot be read", func(t *testing.T, dir string) settings {
			must(t, os.MkdirAll(filepath.Join(dir, "data", "keys", "key.pem"), 0o700))
			write(t, filepath.Join(dir, "data", "keys", "active"), "key")
			return nil
		}, "keys/key.pem: is a directory"},
		{"with a short secret", func(t *testing.T, dir string) settings {
			must(t, os.MkdirAll(filepath.Join(dir, "data"), 0o700))
			write(t, filepath.Join(dir, "data", "refresh_token_secret"), shortSecret)
			return nil
		}, "holds fewer than 32 bytes"},
	},
	"AUDIT_LOG":   {{"below a file", belowAFile("AUDIT_LOG", ""), "not a directory"}},
	"IMAGE_STORE": {{"below a file", belowAFile("IMAGE_STORE", "disk:"), "not a directory"}},
	"USER_STORE": {
		{"below a file", belowAFile("USER_STORE", "sqlite:"), "not a directory"},
		{"that is no database", func(t *testing.T, dir string) settings {
			return settings{"USER_STORE": "sqlite:" + write(t, filepath.Join(dir, "users"), strings.Repeat("no database ", 1000))}
		}, "not a SQLite database"},
		{"that is another program's", func(t *testing.T, dir string) settings {
			return settings{"USER_STORE": "sqlite:" + database(t, filepath.Join(dir, "users"), `CREATE TABLE users (id)`)}
		}, "not a database of Latchkey's"},
		{"that is newer than the program", func(t *testing.T, dir string) settings {
			serve(t, dir, nil).stop(t)
			database(t, filepath.Join(dir, "data", "latchkey.db"), `PRAGMA user_version = 1000`)
			return nil
		}, "written by a newer version of Latchkey"},
	},
	"TOKEN_STORE": {{"that is a folder", func(_ *testing.T, dir string) settings {
		return settings{"TOKEN_STORE": "sqlite:" + dir}
	}, "not a SQLite database"}},
	"OTEL_RESOURCE_ATTRIBUTES": {{"without a value", always(settings{
		"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_RESOURCE_ATTRIBUTES": "team=a," + shortSecret,
	}), "got something else;"}},
	".env": {
		{"that is no list of variables", envFile("ACCESS_TOKEN_SECRET " + shortSecret), "something else in line 1;"},
		{"with one bad line", envFile("# settings\n\nPORT=0\r\nACCESS_TOKEN_SECRET " + shortSecret + "\nHOST=x\n"), "something else in line 4;"},
		{"with an open quote", envFile("PORT=0\nCLIENT_URL='\n'\nACCESS_TOKEN_SECRET='" + shortSecret + "\nHOST=x\n"), "something else in line 4;"},
		{"that is a folder", func(t *testing.T, dir string) settings {
			must(t, os.Mkdir(filepath.Join(dir, ".env"), 0o700))
			return nil
		}, "a file that cannot be read (is a directory);"},
	},
}

func TestUnusableSettingsStopTheStart(t *testing.T) {
	takes := map[string]string{".env": "lines of the form NAME=value", "OTEL_RESOURCE_ATTRIBUTES": "NAME=VALUE, or several such, separated by commas"}
	for _, setting := range config.Settings() {
		takes[setting.Name] = setting.Takes
	}
	for setting, obstacles := range unusable {
		for _, o := range obstacles {
			t.Run(setting+" "+o.name, func(t *testing.T) {
				dir := t.TempDir()
				vars := settings{"PORT": "0", "OPERATOR_ADDR": "off"}
				for name, value := range o.make(t, dir) {
					vars[name] = value
				}
				ended := run(t, dir, vars)
				line := oneLine(t, ended.stderr)
				if ended.code != 2 || ended.stdout != "" || !strings.HasPrefix(line, "latchkey: "+setting+": got ") ||
					!strings.Contains(line, o.says) || !strings.HasSuffix(line, "; takes "+takes[setting]) || strings.Contains(line, shortSecret) {
					t.Errorf("the program ended with %d, saying %q and %q", ended.code, ended.stdout, ended.stderr)
				}
			})
		}
	}
}

// TestPortsInUse: nothing is wrong with the setting, and later it may do.
func TestPortsInUse(t *testing.T) {
	taken := occupied(t)
	_, port, err := net.SplitHostPort(taken)
	must(t, err)
	fails(t, run(t, t.TempDir(), settings{"HOST": "127.0.0.1", "PORT": port, "OPERATOR_ADDR": "off"}), 1,
		"PORT: "+port+" is in use by another program; choose another, such as PORT=9000")
	fails(t, run(t, t.TempDir(), settings{"PORT": "0", "OPERATOR_ADDR": taken}), 1,
		"OPERATOR_ADDR: "+taken+" is in use (by another Latchkey?); choose another, or off")
}

// TestStoresThatDoNotAnswer: nothing is wrong with what the setting says, and so the program says what is.
func TestStoresThatDoNotAnswer(t *testing.T) {
	const user, secret = "ann", "hunter2"
	nobody := free(t)
	for _, c := range []struct{ setting, url, place string }{
		{"USER_STORE", "redis://" + user + ":" + secret + "@" + nobody + "/1", "Redis at " + nobody},
		{"TOKEN_STORE", "redis+cluster://" + user + ":" + secret + "@" + nobody, "Redis at " + nobody},
		{"TOKEN_STORE", "redis+sentinel://" + nobody + "?master_name=m&password=" + secret, "Redis at " + nobody},
		{"MONGODB_URI", "mongodb://" + user + ":" + secret + "@" + nobody + "/people?serverSelectionTimeoutMS=100", "MongoDB at " + nobody},
	} {
		t.Run(c.url[:strings.Index(c.url, ":")], func(t *testing.T) {
			ended := run(t, t.TempDir(), settings{"PORT": "0", "OPERATOR_ADDR": "off", c.setting: c.url})
			lines := strings.Split(strings.TrimSpace(ended.stderr), "\n") // the engine's driver may have something to say before
			last := lines[len(lines)-1]
			if ended.code != 1 || !strings.HasPrefix(last, "latchkey: "+c.setting+": "+c.place+" does not answer: ") || strings.Contains(last, "takes") ||
				strings.Contains(last, "topology") || !strings.Contains(last, "refused") {
				t.Errorf("the program ended with %d, saying %q", ended.code, ended.stderr)
			}
			if strings.Contains(ended.stderr, secret) || strings.Contains(ended.stderr, user+":") {
				t.Errorf("it shows who signs in: %q", ended.stderr)
			}
		})
	}
}

// always is an obstacle that needs no preparation.
func always(vars settings) func(*testing.T, string) settings {
	return func(*testing.T, string) settings { return vars }
}

// envFile is a file .env.
func envFile(text string) func(*testing.T, string) settings {
	return func(t *testing.T, dir string) settings {
		write(t, filepath.Join(dir, ".env"), text)
		return nil
	}
}

// belowAFile sets a setting to a path that nothing can be made at, not even by root.
func belowAFile(name, scheme string) func(*testing.T, string) settings {
	return func(t *testing.T, dir string) settings {
		file := write(t, filepath.Join(dir, "file"), "")
		return settings{name: scheme + filepath.Join(file, "below")}
	}
}

// occupied is an address at which somebody listens.
func occupied(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	return listener.Addr().String()
}

// free is an address at which nobody listens.
func free(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer func() { must(t, listener.Close()) }()
	return listener.Addr().String()
}

// database runs a statement on a database file, and answers its path.
func database(t *testing.T, path, statement string) string {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	must(t, err)
	_, err = db.Exec(statement)
	must(t, err)
	must(t, db.Close())
	return path
}
