package config

import (
	"net/url"
	"slices"
	"strings"
)

// StoreURL says which engine keeps users or sessions. The zero StoreURL is the default engine in DATA_DIR.
type StoreURL struct {
	Scheme string
	Path   string // of a file; "" stands for the usual one in DATA_DIR
}

// UnmarshalText takes the URL of an engine that there is an adapter for.
func (s *StoreURL) UnmarshalText(text []byte) error {
	scheme, path, ok := strings.Cut(string(text), ":")
	s.Scheme, s.Path = scheme, path
	return orWrong(ok && slices.Contains([]string{"sqlite", "memory"}, scheme) && (scheme != "memory" || path == ""))
}

// ImageURL says where images are kept. The zero ImageURL is a folder in DATA_DIR.
type ImageURL struct {
	Dir        string   // of disk:
	Cloudinary *url.URL // cloudinary://KEY:SECRET@CLOUD
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
