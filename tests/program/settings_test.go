package program_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/cmd/config"
)

const (
	shortSecret = "thirty-one bytes are not enough"
	notDuration = "15 minutes"
	hexSecret   = "0123456789abcdef0123456789abcdef"
)

// wrong holds, for each setting, texts that it does not take. What only turns out in use is in unusable.
var wrong = map[string][]string{
	"PORT":                       {"http", "-1", "65536", "80.0", "0x50"},
	"PUBLIC_URL":                 {"auth.example.org", "ftp://auth.example.org", "https://", "https://auth.example.org/?q=1", "https://auth.example.org/#top"},
	"CLIENT_URL":                 {"*", "https://*.example.org", "app.example.org", "https://app.example.org/path", "https://app.example.org,null", "ws://app.example.org"},
	"OPERATOR_ADDR":              {"8001", "localhost", "localhost:http", "localhost:65536"},
	"MAX_CONNECTIONS":            {"many", "-1", "1e4"},
	"ACCESS_TOKEN_SECRET":        {"secret", shortSecret},
	"ACCESS_TOKEN_EXPIRY":        {notDuration, "15", "0s", "-15m", "1.5d", "99999999999h", "999ms"},
	"REFRESH_TOKEN_SECRET":       {"secret", shortSecret},
	"REFRESH_TOKEN_EXPIRY":       {notDuration, "15", "0d", "-1d", "70000d"},
	"SESSION_MAX_AGE":            {notDuration, "forever", "0h", "d"},
	"REQUEST_TIMEOUT":            {notDuration, "forever", "0s"},
	"REFRESH_GRACE":              {notDuration, "-1s", "601s", "1d"},
	"MAX_SESSIONS_PER_USER":      {"many", "-1", "1.5", "4294967296"},
	"USER_STORE":                 {"postgres://db.example.org/latchkey", "latchkey.db", "memory:x", "SQLITE:x", "sqlite"},
	"TOKEN_STORE":                {"memcached:", "file:latchkey.db", "memory"},
	"MONGODB_URI":                {"redis://db.example.org", "sqlite:latchkey.db", "mongodb", "mongodb://"},
	"IMAGE_STORE":                {"s3://bucket", "images", "http://images.example.org"},
	"REGISTER_REQUIRE":           {"email", "password", "email,password,age", ",", "Email,Password"},
	"PASSWORD_MIN_LENGTH":        {"0", "-8", "73", "eight"},
	"PASSWORD_HASH":              {"md5", "Argon2id", "scrypt"},
	"PASSWORD_BREACH_URL":        {"api.pwnedpasswords.com", "http://api.pwnedpasswords.com/range", "http://10.0.0.1/range", "http://localhost.example.org/range", "ftp://localhost/range", "https://api.pwnedpasswords.com/range/?mode=ntlm"},
	"LOGIN_REVEALS_UNKNOWN_USER": {"yes", "on"},
	"OAUTH_CLIENTS":              {"gateway", hexSecret, ":" + hexSecret, "gateway:" + hexSecret[1:], "gateway:" + hexSecret + "+/=", "a gateway:" + hexSecret, "gateway:" + hexSecret + ",shop:" + hexSecret[1:], ","},
	"COOKIE_SECURE":              {"yes", "off"},
	"COOKIE_SAMESITE":            {"Loose", "default", "lax,strict"},
	"COOKIE_DOMAIN":              {"https://example.org", "example.org:8000", "a b", ".", "example..org", "-example.org"},
	"TRUSTED_PROXIES":            {"lb.example.org", "10.0.0.0/33", "10.0.0", "*", "fe80::1%eth0"},
	"THROTTLE":                   {"true", "On", "0"},
	"LOGIN_FAILURES_PER_ACCOUNT": {"10", "10/", "/15m", "0/15m", "10/0s", "ten/15m", "-1/15m"},
	"LOGIN_FAILURES_PER_IP":      {"100", "100/15", "100 / 15m"},
	"REGISTRATIONS_PER_IP":       {"100", "1h/100", "0/1h"},
	"LOG_LEVEL":                  {"verbose", "0", "info+1"},
	"LOG_FORMAT":                 {"xml", "JSON"},

	"OTEL_EXPORTER_OTLP_ENDPOINT": {"localhost:4318", "grpc://localhost:4317", "http://", "https://collector.example.org?key=1", "none"},
	"OTEL_EXPORTER_OTLP_HEADERS":  {"key", "=value", "a key=value", "key=a%2", "key=a%0Ab", "key=1,other", ","},
}

// takesAnything are the settings that take any text.
var takesAnything = map[string]bool{"ACCESS_TOKEN_AUDIENCE": true}

func TestWrongSettingsStopTheStart(t *testing.T) {
	for _, setting := range config.Settings() {
		t.Run(setting.Name, func(t *testing.T) {
			_, inUse := unusable[setting.Name]
			if wrong[setting.Name] == nil && !inUse && !takesAnything[setting.Name] {
				t.Fatal("there is no case in which this setting is refused")
			}
			for _, value := range wrong[setting.Name] {
				refusesText(t, setting, value)
			}
		})
	}
}

// query is that of a URL, or its fragment: not shown, as keys are put there.
var query = regexp.MustCompile(`([?#]).*`)

// refusesText checks that the program says what is wrong, and has not begun anything.
func refusesText(t *testing.T, setting config.Setting, value string) {
	t.Helper()
	dir := t.TempDir()
	got := fmt.Sprintf("%q", query.ReplaceAllString(value, "$1…"))
	if setting.Secret {
		got = fmt.Sprintf("a value of %d bytes", len(value))
	}
	refused(t, run(t, dir, settings{setting.Name: value}), fmt.Sprintf("latchkey: %s: got %s; takes %s", setting.Name, got, setting.Takes))
	left, err := os.ReadDir(dir)
	must(t, err)
	if len(left) > 0 {
		t.Errorf("%s=%s left %v behind", setting.Name, value, left)
	}
}

// refused checks that the program ended as for a wrong setting, with exactly this to say.
func refused(t *testing.T, ended result, line string) {
	t.Helper()
	if ended.code != 2 || ended.stdout != "" || ended.stderr != line+"\n" {
		t.Errorf("the program ended with %d, saying %q and %q; want %q", ended.code, ended.stdout, ended.stderr, line)
	}
}

// TestSecretsInSettingsAreNotShown: whoever mistypes a setting with a secret in it does not find the secret in the log.
func TestSecretsInSettingsAreNotShown(t *testing.T) {
	const secret = "hunter2"
	for name, value := range map[string]string{
		"ACCESS_TOKEN_SECRET":  secret,
		"REFRESH_TOKEN_SECRET": secret,
		"OAUTH_CLIENTS":        "gateway:" + secret,

		"OTEL_EXPORTER_OTLP_ENDPOINT": "https://root:" + secret + "@collector.example.org",
		"OTEL_EXPORTER_OTLP_HEADERS":  "Authorization: Bearer " + secret,

		"USER_STORE":  "mysql://root:" + secret + "@db.example.org/latchkey",
		"TOKEN_STORE": "amqp://root:" + secret + "@db.example.org",
		"IMAGE_STORE": "cloudinary://key:" + secret, // the cloud was forgotten
		"PUBLIC_URL":  "https://root:" + secret + "@auth.example.org",
		"CLIENT_URL":  "https://root:" + secret + "@app.example.org",
	} {
		ended := run(t, t.TempDir(), settings{name: value})
		line := oneLine(t, ended.stderr)
		if ended.code != 2 || !strings.HasPrefix(line, "latchkey: "+name+": got a value of ") || strings.Contains(line, secret) {
			t.Errorf("%s: the program ended with %d, saying %q", name, ended.code, line)
		}
	}
}

// TestSettingsOfOtherCommands: every command reads the settings, and ends alike where they are wrong.
func TestSettingsOfOtherCommands(t *testing.T) {
	for _, name := range []string{"serve", "config", "healthcheck"} {
		ended := run(t, t.TempDir(), settings{"PORT": "none"}, name)
		refused(t, ended, `latchkey: PORT: got "none"; takes a port from 0 to 65535`)
	}
}

func TestArgumentsThatMakeNoSense(t *testing.T) {
	for _, args := range [][]string{{"sing"}, {"serve", "me"}, {"--port", "8000"}, {"version", "1"}} {
		ended := run(t, t.TempDir(), nil, args...)
		if line := oneLine(t, ended.stderr); ended.code != 2 || !strings.HasSuffix(line, "see --help") {
			t.Errorf("%v: the program ended with %d, saying %q", args, ended.code, line)
		}
	}
}

// TestMistypedCommands: whoever mistypes a command is told which one they may have meant.
func TestMistypedCommands(t *testing.T) {
	for typed, says := range map[string]string{
		"bogus": `latchkey has no command "bogus"; see --help`,
		"serv":  `latchkey has no command "serv" (did you mean serve or users?); see --help`,
		"user":  `latchkey has no command "user" (did you mean users?); see --help`,
		"ky":    `latchkey has no command "ky" (did you mean keys?); see --help`,
	} {
		fails(t, run(t, t.TempDir(), nil, typed), 2, says)
	}
}
