// Package config reads the settings. It is the only place that knows the environment.
package config

import (
	"cmp"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
)

// Config is every setting. The tags are its documentation: env is the variable, envDefault what holds where it is not
// given, takes what it may be, doc what it is for, and secret marks what is never shown.
type Config struct {
	Port         Port     `env:"PORT" envDefault:"8000" takes:"a port from 0 to 65535" doc:"port to serve on; 0 picks a free one"`
	Host         string   `env:"HOST" takes:"an address or host name of this machine" doc:"address to serve on; all addresses where not given"`
	PublicURL    *BaseURL `env:"PUBLIC_URL" takes:"an http or https URL without query, such as https://auth.example.org" doc:"where clients reach the service: the iss of tokens, and the start of image addresses; http://localhost:PORT where not given"`
	ClientURL    Origins  `env:"CLIENT_URL" takes:"origins such as https://app.example.org, separated by commas" doc:"front ends on other origins that may call from a browser"`
	DataDir      string   `env:"DATA_DIR" envDefault:"data" takes:"a folder that can be written" doc:"folder of the database, the images, the keys and the secrets that were not given"`
	OperatorAddr Address  `env:"OPERATOR_ADDR" envDefault:"127.0.0.1:8001" takes:"HOST:PORT, or off" doc:"address of the operator's listener, with /metrics, /dashboard.json and /debug/pprof/"`

	AccessTokenSecret   Secret   `env:"ACCESS_TOKEN_SECRET" secret:"true" takes:"at least 32 bytes" doc:"signs access tokens by HS256; where not given, Ed25519 keys in DATA_DIR sign them"`
	AccessTokenExpiry   Duration `env:"ACCESS_TOKEN_EXPIRY" envDefault:"15m" takes:"a duration of a second or more, such as 15m, 12h or 15d" doc:"life of an access token"`
	AccessTokenAudience string   `env:"ACCESS_TOKEN_AUDIENCE" takes:"a text" doc:"the aud of access tokens; PUBLIC_URL where not given"`
	RefreshTokenSecret  Secrets  `env:"REFRESH_TOKEN_SECRET" secret:"true" takes:"at least 32 bytes, or several such, separated by commas" doc:"signs refresh tokens by HS256; of several, the first signs and all are accepted; made at first start in DATA_DIR where not given"`
	RefreshTokenExpiry  Duration `env:"REFRESH_TOKEN_EXPIRY" envDefault:"15d" takes:"a duration of a second or more, such as 15m, 12h or 15d" doc:"life of a refresh token; each refresh starts it again"`
	SessionMaxAge       Duration `env:"SESSION_MAX_AGE" envDefault:"90d" takes:"a duration of a second or more, such as 15m, 12h or 15d" doc:"life of a session, however often it is refreshed"`
	RefreshGrace        Grace    `env:"REFRESH_GRACE" envDefault:"30s" takes:"a duration from 0s to 10m" doc:"how long the predecessor of the newest refresh token is forgiven"`
	MaxSessionsPerUser  Count    `env:"MAX_SESSIONS_PER_USER" envDefault:"0" takes:"a whole number, 0 for no limit" doc:"living sessions of one user; the oldest ends first"`

	UserStore      StoreURL `env:"USER_STORE" takes:"sqlite:PATH, memory:, mongodb://…, mongodb+srv://…, redis://…, redis+cluster://…, redis+sentinel://…, or, with TLS, rediss://…, rediss+cluster://…, rediss+sentinel://…" doc:"where users are kept; sqlite: in DATA_DIR where not given"`
	TokenStore     StoreURL `env:"TOKEN_STORE" takes:"sqlite:PATH, memory:, mongodb://…, mongodb+srv://…, redis://…, redis+cluster://…, redis+sentinel://…, or, with TLS, rediss://…, rediss+cluster://…, rediss+sentinel://…" doc:"where sessions are kept; sqlite: in DATA_DIR where not given"`
	MongoDBURI     StoreURL `env:"MONGODB_URI" takes:"mongodb://… or mongodb+srv://…" doc:"where users and sessions are kept, unless USER_STORE or TOKEN_STORE says otherwise"`
	RequestTimeout Timeout  `env:"REQUEST_TIMEOUT" envDefault:"2s" takes:"a positive duration such as 500ms or 2s" doc:"how long a store may take to answer, before the request is answered 503"`
	ImageStore     ImageURL `env:"IMAGE_STORE" takes:"disk:PATH or cloudinary://KEY:SECRET@CLOUD" doc:"where avatars and cover images are kept; disk: in DATA_DIR where not given"`

	RegisterRequire         Fields        `env:"REGISTER_REQUIRE" envDefault:"email,password" takes:"some of username, fullname, email, password, avatar, coverImage, separated by commas, with password and with email or username" doc:"fields that registration demands"`
	PasswordMinLength       Positive      `env:"PASSWORD_MIN_LENGTH" envDefault:"8" takes:"a whole number from 1 to 72" doc:"characters of a new password, at least"`
	PasswordHash            HashAlgorithm `env:"PASSWORD_HASH" envDefault:"argon2id" takes:"argon2id or bcrypt" doc:"algorithm of new hashes; both are verified"`
	PasswordBreachURL       *SecureURL    `env:"PASSWORD_BREACH_URL" takes:"an https URL without query, such as https://api.pwnedpasswords.com/range/; http to this machine" doc:"where new passwords are looked up among those that leaked, by k-anonymity; nowhere where not given"`
	LoginRevealsUnknownUser bool          `env:"LOGIN_REVEALS_UNKNOWN_USER" envDefault:"false" takes:"true or false" doc:"answer 404 user_not_found where an account does not exist"`

	OAuthClients Clients `env:"OAUTH_CLIENTS" secret:"true" takes:"ID:SECRET, or several such, separated by commas, each of letters, digits and - . _ ~ with a secret of at least 32" doc:"services that may ask /oauth/introspect what a token is worth; nobody may where not given; several secrets of one ID are all accepted"`

	CookieSecure   bool     `env:"COOKIE_SECURE" envDefault:"true" takes:"true or false" doc:"cookies travel by https only (and to localhost)"`
	CookieSameSite SameSite `env:"COOKIE_SAMESITE" envDefault:"lax" takes:"lax, strict, or, with COOKIE_SECURE=true, none" doc:"SameSite of the cookies"`
	CookieDomain   Domain   `env:"COOKIE_DOMAIN" takes:"a host name such as example.org" doc:"Domain of the cookies; this host alone where not given"`

	TrustedProxies          Prefixes `env:"TRUSTED_PROXIES" takes:"addresses or CIDR prefixes, separated by commas" doc:"proxies whose X-Forwarded-For is believed"`
	MaxConnections          Count    `env:"MAX_CONNECTIONS" envDefault:"4096" takes:"a whole number, 0 for no limit" doc:"connections at once; past it the longest idle one makes room, or the newest of the address (IPv6: of the /48) that has the most, busy ones of proxies spared"`
	Throttle                Switch   `env:"THROTTLE" envDefault:"on" takes:"on or off" doc:"the three limits below; counted in Redis where a store is there, else in each process"`
	LoginFailuresPerAccount Limit    `env:"LOGIN_FAILURES_PER_ACCOUNT" envDefault:"10/15m" takes:"COUNT/DURATION such as 10/15m" doc:"failed sign-ins for an account from an address"`
	LoginFailuresPerIP      Limit    `env:"LOGIN_FAILURES_PER_IP" envDefault:"100/15m" takes:"COUNT/DURATION such as 100/15m" doc:"failed sign-ins from an address"`
	RegistrationsPerIP      Limit    `env:"REGISTRATIONS_PER_IP" envDefault:"100/1h" takes:"COUNT/DURATION such as 100/1h" doc:"registrations from an address"`

	AuditLog  string    `env:"AUDIT_LOG" takes:"a file that can be written" doc:"file that events are appended to, a JSON object a line; they are in the log as well"`
	LogLevel  LogLevel  `env:"LOG_LEVEL" envDefault:"info" takes:"debug, info, warn or error" doc:"least level that is logged"`
	LogFormat LogFormat `env:"LOG_FORMAT" envDefault:"auto" takes:"auto, text or json" doc:"auto is text on a terminal and json elsewhere"`

	OTLPEndpoint *BaseURL `env:"OTEL_EXPORTER_OTLP_ENDPOINT" takes:"an http or https URL without query, such as http://localhost:4318" doc:"collector that traces are sent to, by OTLP over HTTP; nowhere where not given"`
	OTLPHeaders  Headers  `env:"OTEL_EXPORTER_OTLP_HEADERS" secret:"true" takes:"NAME=VALUE, or several such, separated by commas, each VALUE percent-encoded" doc:"headers that go with traces, such as the key of whoever collects them"`
}

// complete fills in what follows from other settings, and checks what only fits together.
func (c *Config) complete() error {
	if c.PublicURL == nil {
		c.PublicURL = &BaseURL{URL: url.URL{Scheme: "http", Host: "localhost:" + c.Port.String()}}
	}
	if c.AccessTokenAudience == "" {
		c.AccessTokenAudience = c.PublicURL.String()
	}
	if uri := c.MongoDBURI; uri != (StoreURL{}) {
		if !strings.HasPrefix(uri.Scheme(), "mongodb") {
			return &Error{Name: "MONGODB_URI", Got: fmt.Sprintf("%q", uri), Takes: takes("MONGODB_URI")}
		}
		c.UserStore, c.TokenStore = cmp.Or(c.UserStore, uri), cmp.Or(c.TokenStore, uri)
	}
	c.UserStore, c.TokenStore = c.orDefault(c.UserStore), c.orDefault(c.TokenStore)
	if c.ImageStore == (ImageURL{}) {
		c.ImageStore.Dir = filepath.Join(c.DataDir, "images")
	}
	if c.CookieSameSite == sameSiteNone && !c.CookieSecure {
		return &Error{Name: "COOKIE_SAMESITE", Got: `"none" with COOKIE_SECURE=false`, Takes: takes("COOKIE_SAMESITE")}
	}
	return nil
}

// orDefault is the store, or the usual one in DATA_DIR where none is given.
func (c *Config) orDefault(store StoreURL) StoreURL {
	if store == (StoreURL{}) || store == SQLite("") {
		return SQLite(filepath.Join(c.DataDir, "latchkey.db"))
	}
	return store
}

// derived is the values that follow from others where they are not given.
func (c *Config) derived() map[string]string {
	return map[string]string{
		"PUBLIC_URL":            c.PublicURL.String(),
		"ACCESS_TOKEN_AUDIENCE": c.AccessTokenAudience,
		"USER_STORE":            c.UserStore.String(),
		"TOKEN_STORE":           c.TokenStore.String(),
		"IMAGE_STORE":           c.ImageStore.String(),
	}
}

// SessionPolicy is the lengths of a session's life.
func (c Config) SessionPolicy() domain.SessionPolicy {
	return domain.SessionPolicy{
		RefreshTTL: time.Duration(c.RefreshTokenExpiry),
		MaxAge:     time.Duration(c.SessionMaxAge),
		Grace:      time.Duration(c.RefreshGrace),
		MaxPerUser: int(c.MaxSessionsPerUser),
	}
}

// PasswordPolicy says which new passwords are taken, given how long they may be for the hash.
func (c Config) PasswordPolicy(maxBytes int) domain.PasswordPolicy {
	return domain.PasswordPolicy{MinLength: int(c.PasswordMinLength), MaxBytes: maxBytes, Host: c.PublicURL.Hostname()}
}

// KeyDir is the folder of the keys that sign access tokens.
func (c Config) KeyDir() string { return filepath.Join(c.DataDir, "keys") }
