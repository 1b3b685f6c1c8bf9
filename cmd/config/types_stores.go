package config

import (
	"net/url"
	"slices"
	"strings"
	"unique"
)

// StoreURL says which engine keeps users or sessions. The zero StoreURL is the default engine in DATA_DIR.
// It may hold a password, and hides it when printed, by reflection too: a handle shows an address then.
type StoreURL struct{ url unique.Handle[string] }

// Memory is the URL of a store in this process.
var Memory = StoreURL{unique.Make("memory:")}

// SQLite is the URL of a database file.
func SQLite(path string) StoreURL { return StoreURL{unique.Make("sqlite:" + path)} }

// WrongStore is Wrong of a store that more than one process has to reach, which the memory of one is not.
func WrongStore(name, value string, cause error) *Error {
	wrong := Wrong(name, value, cause)
	wrong.Takes = strings.Replace(wrong.Takes, "memory:, ", "", 1)
	return wrong
}

// UnmarshalText takes the URL of an engine that there is an adapter for.
func (s *StoreURL) UnmarshalText(text []byte) error {
	s.url = unique.Make(string(text))
	switch scheme, rest, found := strings.Cut(s.Reveal(), ":"); {
	case !found:
		return errWrong
	case scheme == "sqlite":
		return nil
	case scheme == "memory":
		return orWrong(rest == "")
	default:
		host, isURL := strings.CutPrefix(rest, "//")
		return orWrong(isURL && host != "" && !endsInPassword(host) && slices.Contains([]string{
			"mongodb", "mongodb+srv", "redis", "rediss", "redis+cluster", "rediss+cluster", "redis+sentinel", "rediss+sentinel",
		}, scheme))
	}
}

// Scheme names the engine; "" is the default one.
func (s StoreURL) Scheme() string {
	scheme, _, _ := strings.Cut(s.Reveal(), ":")
	return scheme
}

// InMemory reports whether everything is kept in this process.
func (s StoreURL) InMemory() bool { return s.Scheme() == "memory" }

// Remote reports whether the engine is across a network.
func (s StoreURL) Remote() bool { return !s.InMemory() && s.Scheme() != "sqlite" }

// Path is that of the database file of sqlite:, "" where it is the usual one.
func (s StoreURL) Path() string { return strings.TrimPrefix(s.Reveal(), "sqlite:") }

// Reveal is the whole URL, for the one place that needs it.
func (s StoreURL) Reveal() string {
	if s == (StoreURL{}) {
		return ""
	}
	return s.url.Value()
}

// String is the URL without its password.
func (s StoreURL) String() string { return hidePassword(s.Reveal()) }

// GoString is the URL without its password.
func (s StoreURL) GoString() string { return s.String() }

// Place is the engine and its hosts, such as "Redis at localhost:6379": nothing of who signs in there, and how.
func (s StoreURL) Place() string {
	scheme, rest, _ := strings.Cut(s.String(), "://") // in which passwords are hidden, so that none is cut in two
	hosts := rest[strings.LastIndex(rest, "@")+1:]
	if end := strings.IndexAny(hosts, "/?#"); end >= 0 {
		hosts = hosts[:end]
	}
	if strings.HasPrefix(scheme, "mongodb") {
		return "MongoDB at " + hosts
	}
	return "Redis at " + hosts
}

// ImageURL says where images are kept. The zero ImageURL is a folder in DATA_DIR.
type ImageURL struct {
	Dir        string   // of disk:
	Cloudinary *url.URL // cloudinary://KEY:SECRET@CLOUD
}

// String is the URL without its secret.
func (i ImageURL) String() string {
	if i.Cloudinary != nil {
		return hidePassword(i.Cloudinary.String())
	}
	return "disk:" + i.Dir
}

// UnmarshalText takes disk:PATH or cloudinary://KEY:SECRET@CLOUD.
func (i *ImageURL) UnmarshalText(text []byte) error {
	if dir, ok := strings.CutPrefix(string(text), "disk:"); ok {
		i.Dir = dir
		return nil
	}
	u, err := url.Parse(string(text))
	if err != nil || u.Scheme != "cloudinary" || u.User == nil || u.Host == "" {
		return errWrong
	}
	secret, _ := u.User.Password()
	i.Cloudinary = u
	return orWrong(u.User.Username() != "" && secret != "")
}
