package config

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// BaseURL is an absolute http or https URL.
type BaseURL struct{ url.URL }

// UnmarshalText parses a URL that paths can be appended to.
func (b *BaseURL) UnmarshalText(text []byte) error {
	parsed, err := url.Parse(strings.TrimSuffix(string(text), "/"))
	if err != nil {
		return errWrong
	}
	b.URL = *parsed
	return orWrong(isHTTP(parsed) && parsed.User == nil && parsed.RawQuery == "" && parsed.Fragment == "")
}

func isHTTP(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != ""
}

// SecureURL is a BaseURL to which nobody on the way can listen: https, or on this machine.
type SecureURL struct{ BaseURL }

// UnmarshalText parses as BaseURL does.
func (s *SecureURL) UnmarshalText(text []byte) error {
	err := s.BaseURL.UnmarshalText(text)
	return errors.Join(err, orWrong(s.Scheme == "https" || isLoopback(s.Hostname())))
}

func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

// Origins is a list of web origins (RFC 6454), as browsers write them.
type Origins []string

// UnmarshalText parses origins separated by commas. Wildcards are refused: credentials are not for everybody.
func (o *Origins) UnmarshalText(text []byte) error {
	for _, item := range list(text) {
		u, err := url.Parse(strings.TrimSuffix(item, "/"))
		if err != nil || !isHTTP(u) || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" ||
			strings.Contains(u.Host, "*") {
			return errWrong
		}
		*o = append(*o, origin(u))
	}
	return nil
}

// origin is how browsers write the origin of a URL: in lower case, and without the port that goes without saying.
func origin(u *url.URL) string {
	usual := map[string]string{"http": ":80", "https": ":443"}[u.Scheme]
	return u.Scheme + "://" + strings.TrimSuffix(strings.ToLower(u.Host), usual)
}

// Prefixes is a list of networks.
type Prefixes []netip.Prefix

// UnmarshalText parses addresses and CIDR prefixes separated by commas.
func (p *Prefixes) UnmarshalText(text []byte) error {
	for _, item := range list(text) {
		prefix, err := netip.ParsePrefix(item)
		if err != nil {
			addr, err := netip.ParseAddr(item)
			if err != nil || addr.Zone() != "" {
				return errWrong
			}
			prefix = netip.PrefixFrom(addr, addr.BitLen())
		}
		*p = append(*p, prefix)
	}
	return nil
}

// Address is HOST:PORT, or "" where there is to be no listener.
type Address string

// UnmarshalText parses HOST:PORT, and "off".
func (a *Address) UnmarshalText(text []byte) error {
	if string(text) == "off" {
		*a = ""
		return nil
	}
	_, port, err := net.SplitHostPort(string(text))
	if err != nil {
		return err
	}
	*a = Address(text)
	return new(Port).UnmarshalText([]byte(port))
}

// SameSite is the attribute of cookies (RFC 6265bis, section 4.1.2.7).
type SameSite string

const sameSiteNone SameSite = "none"

// UnmarshalText takes lax, strict or none, in any case.
func (s *SameSite) UnmarshalText(text []byte) error {
	*s = SameSite(strings.ToLower(string(text)))
	return orWrong(slices.Contains([]SameSite{"lax", "strict", sameSiteNone}, *s))
}

// HTTP is the value for net/http.
func (s SameSite) HTTP() http.SameSite {
	return map[SameSite]http.SameSite{
		"lax": http.SameSiteLaxMode, "strict": http.SameSiteStrictMode, sameSiteNone: http.SameSiteNoneMode,
	}[s]
}

// Domain is a host name that cookies are sent to, with its sub-domains.
type Domain string

// UnmarshalText takes what net/http writes into a cookie: it drops a Domain that it finds wrong.
func (d *Domain) UnmarshalText(text []byte) error {
	*d = Domain(strings.TrimPrefix(string(text), "."))
	probe := http.Cookie{Name: "probe", Domain: string(*d)}
	return orWrong(*d != "" && probe.Valid() == nil)
}
