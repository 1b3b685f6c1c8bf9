package engines

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

// leaseTTL frees a database whose test was killed. No test runs longer: go test's own limit is ten minutes.
const leaseTTL = 11 * time.Minute

// leaseDatabase takes a logical database for this test, on a server that other processes may use at the same time.
// Database 0 holds who has which of the others. One that is not empty is somebody's, and is not touched.
func leaseDatabase(t testing.TB, server string) string {
	t.Helper()
	options, err := goredis.ParseURL(server)
	if err != nil {
		t.Fatalf("the URL of the Redis server: %v", err)
	}
	leases := goredis.NewClient(withDatabase(*options, 0))
	t.Cleanup(func() { _ = leases.Close() })
	ctx, cancel := context.WithTimeout(t.Context(), startTimeout)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		client, err := anyDatabase(ctx, leases, *options)
		if err != nil {
			t.Fatalf("take a database of the Redis server: %v", err)
		}
		if client != nil {
			t.Cleanup(func() { giveBack(t, leases, client) })
			return databaseURL(server, client.Options().DB)
		}
		select {
		case <-ctx.Done():
			t.Fatalf("no database of the Redis server became free and empty: %v", ctx.Err())
		case <-tick.C: // other tests give theirs back
		}
	}
}

// anyDatabase leases the first database that is free and empty, nil where none is.
func anyDatabase(ctx context.Context, leases *goredis.Client, options goredis.Options) (*goredis.Client, error) {
	n, err := countDatabases(ctx, leases)
	if err != nil {
		return nil, err
	}
	for db := 1; db < n; db++ {
		won, err := leases.SetNX(ctx, leaseKey(db), "leased", leaseTTL).Result()
		if err != nil {
			return nil, err
		}
		if !won {
			continue
		}
		client := goredis.NewClient(withDatabase(options, db))
		size, err := client.DBSize(ctx).Result()
		if err == nil && size == 0 {
			return client, nil
		}
		if err := errors.Join(err, client.Close(), leases.Del(ctx, leaseKey(db)).Err()); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

func giveBack(t testing.TB, leases, client *goredis.Client) {
	ctx := context.WithoutCancel(t.Context())
	err := errors.Join(client.FlushDB(ctx).Err(), leases.Del(ctx, leaseKey(client.Options().DB)).Err(), client.Close())
	if err != nil {
		t.Logf("the Redis database was not given back: %v", err) // the test may have ended the server itself
	}
}

func countDatabases(ctx context.Context, client *goredis.Client) (int, error) {
	setting, err := client.ConfigGet(ctx, "databases").Result()
	if err != nil {
		return 0, fmt.Errorf("ask how many there are: %w", err)
	}
	return strconv.Atoi(setting["databases"])
}

// databaseURL is the URL of another database of the same server.
func databaseURL(server string, db int) string {
	u, err := url.Parse(server)
	if err != nil {
		return server // it was parsed before
	}
	u.Path = "/" + strconv.Itoa(db)
	return u.String()
}

func leaseKey(db int) string { return fmt.Sprint("latchkey-test-lease:", db) }

func withDatabase(o goredis.Options, db int) *goredis.Options {
	o.DB = db
	return &o
}
