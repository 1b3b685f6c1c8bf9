package compare

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"github.com/latchkey-auth/latchkey/tests/load/machine"
)

// errNoStore: there is none of that name, or no program for it.
var errNoStore = errors.New("--store takes sqlite, redis (with redis-server on the PATH) or mongo")

// open makes an empty store. Databases are on the other core.
func (b *bench) open(ctx context.Context, store string, s *scaled) error {
	dir := filepath.Join(b.work, s.name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	s.stop = func() error { return nil }
	url := "sqlite:" + filepath.Join(dir, "latchkey.db")
	switch store {
	case "sqlite":
	case "redis":
		redis, addr, err := b.startRedis(ctx)
		if err != nil || redis == nil {
			return errors.Join(err, errNoStore)
		}
		url, s.stop = "redis://"+addr, redis.stop
	case "mongo":
		ferretDB, addr, err := b.startFerretDB(ctx, filepath.Join(dir, "ferretdb"))
		if err != nil {
			return err
		}
		url, s.stop = "mongodb://"+addr+"/latchkey", ferretDB.stop
	default:
		return errNoStore
	}
	s.env = []string{"DATA_DIR=" + dir, "USER_STORE=" + url, "TOKEN_STORE=" + url, "PUBLIC_URL=http://localhost"}
	return nil
}

// startFerretDB starts what speaks MongoDB's protocol here.
func (b *bench) startFerretDB(ctx context.Context, dir string) (*server, string, error) {
	addr, err := machine.FreeAddress()
	if err != nil {
		return nil, "", err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, "", err
	}
	process, err := machine.Start(machine.Program{
		Path: b.program("ferretdb"), Args: []string{"--listen", addr, "--data", dir}, Place: machine.Place{Core: otherCore},
	})
	if err != nil {
		return nil, "", err
	}
	return &server{Process: process, name: "ferretdb", addr: addr}, addr, process.Await(ctx, dials(addr))
}

// dials asks whether anybody listens at an address.
func dials(addr string) func() error {
	return func() error {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			return err
		}
		return conn.Close()
	}
}

// filled is Latchkey on a store, with hashing that costs next to nothing.
func (b *bench) filled(env []string) func(addr string) machine.Program {
	return func(addr string) machine.Program {
		host, port, _ := net.SplitHostPort(addr)
		env := append([]string{fmt.Sprint("HOST=", host), fmt.Sprint("PORT=", port)}, env...)
		return machine.Program{Path: b.program("filled"), Args: []string{"serve"}, Env: env, Place: onServerCore}
	}
}
