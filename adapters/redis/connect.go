package redis

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

// ErrURL: the URL names no Redis database. The error says nothing of the URL, which may hold a password.
var ErrURL = errors.New("not the URL of a Redis database")

// Connect reaches the database at the URL, and answers when it does. Sessions expire by the clock now.
//
//	redis://USER:PASSWORD@HOST:PORT/DATABASE
//	redis+cluster://USER:PASSWORD@HOST:PORT,HOST:PORT,…
//	redis+sentinel://USER:PASSWORD@HOST:PORT,HOST:PORT,…/DATABASE?master_name=NAME
//
// With rediss in place of redis, connections are by TLS. Parameters are those of go-redis, such as pipeline_pool_size and
// read_timeout.
func Connect(ctx context.Context, url string, now func() time.Time) (*Store, error) {
	client, err := dial(url)
	if err != nil {
		return nil, err
	}
	s, err := New(client, now)
	if err != nil {
		return nil, errors.Join(err, client.Close())
	}
	if err := s.Ping(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("reach Redis: %w", err), s.Close())
	}
	return s, nil
}

// dial makes the client for the URL. It does not connect yet.
func dial(raw string) (goredis.UniversalClient, error) {
	scheme, rest, ok := strings.Cut(raw, "://")
	if !ok {
		return nil, ErrURL
	}
	protocol, topology, _ := strings.Cut(scheme, "+")
	if protocol != "redis" && protocol != "rediss" {
		return nil, ErrURL
	}
	plain, err := firstHost(protocol, rest)
	if err != nil {
		return nil, err
	}
	switch topology {
	case "":
		return single(plain)
	case "cluster":
		return cluster(plain)
	case "sentinel":
		return sentinel(plain)
	}
	return nil, ErrURL
}

// firstHost writes a URL of several hosts as go-redis has it: with the first one, and the others as parameters.
func firstHost(protocol, rest string) (string, error) {
	authority, tail := rest, ""
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		authority, tail = rest[:i], rest[i:]
	}
	userinfo, hosts := "", authority
	if i := strings.LastIndex(authority, "@"); i >= 0 {
		userinfo, hosts = authority[:i+1], authority[i+1:]
	}
	all := strings.Split(hosts, ",")
	u, err := url.Parse(protocol + "://" + userinfo + all[0] + tail)
	if err != nil || u.Hostname() == "" {
		return "", ErrURL
	}
	if len(all) > 1 {
		q := u.Query()
		q["addr"] = all[1:]
		u.RawQuery = q.Encode()
	}
	return u.String(), nil
}

// All of them honour contexts, and leave trying again to the caller, who has a deadline.
const dials = 1

// silence is for how long a connection may say nothing while it is asked, where the URL says nothing of it: as long as
// callers wait by default. Callers stop waiting by their contexts; this is until the connection is given up.
const silence = 2 * time.Second

func bound(timeouts ...*time.Duration) {
	for _, each := range timeouts {
		*each = cmp.Or(*each, silence)
	}
}

func single(plain string) (goredis.UniversalClient, error) {
	options, err := goredis.ParseURL(plain)
	if err != nil {
		return nil, ErrURL
	}
	options.ContextTimeoutEnabled, options.DialerRetries = true, dials
	bound(&options.DialTimeout, &options.ReadTimeout, &options.WriteTimeout)
	return goredis.NewClient(options), nil
}

func cluster(plain string) (goredis.UniversalClient, error) {
	options, err := goredis.ParseClusterURL(plain)
	if err != nil {
		return nil, ErrURL
	}
	options.ContextTimeoutEnabled, options.DialerRetries = true, dials
	bound(&options.DialTimeout, &options.ReadTimeout, &options.WriteTimeout)
	return goredis.NewClusterClient(options), nil
}

func sentinel(plain string) (goredis.UniversalClient, error) {
	options, err := goredis.ParseFailoverURL(plain)
	if err != nil || options.MasterName == "" {
		return nil, ErrURL
	}
	options.ContextTimeoutEnabled, options.DialerRetries = true, dials
	bound(&options.DialTimeout, &options.ReadTimeout, &options.WriteTimeout)
	return goredis.NewFailoverClient(options), nil
}
