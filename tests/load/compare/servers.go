package compare

import (
	"context"
	"errors"
	"maps"
	"net"
	"os/exec"
	"slices"

	"github.com/latchkey-auth/latchkey/tests/load/machine"
	"github.com/latchkey-auth/latchkey/tests/load/service"
)

// servers is those that take turns, by the names that figures have them by. Who has no turn is halted,
// but for Redis, which does nothing by itself.
type servers map[string]*server

// startAll starts every server, and has clients sign in. What could be started is to be stopped, also after an error.
func (b *bench) startAll(ctx context.Context) (servers, error) {
	all := servers{}
	redis, address, err := b.startRedis(ctx)
	if err != nil {
		return all, err
	}
	store := "redis://" + address
	latchkey, ginJWT := service.Latchkey(), service.GinJWT()
	starts := []struct {
		name    string
		service service.Service
		at      func(addr string) machine.Program
	}{
		{"latchkey", latchkey, b.latchkey(onServerCore)},
		{"latchkey bcrypt", latchkey, b.latchkey(onServerCore, "PASSWORD_HASH=bcrypt")},
		{"latchkey memory", latchkey, b.latchkey(onServerCore, "USER_STORE=memory:", "TOKEN_STORE=memory:")},
		{"quota", latchkey, b.latchkey(machine.Place{CPUs: 1})},
		{"gin-jwt", ginJWT, b.ginJWT()},
		{"pocketbase", service.PocketBase(), b.pocketBase},
		{"latchkey redis", latchkey, b.latchkey(onServerCore, "USER_STORE="+store, "TOKEN_STORE="+store)},
		{"gin-jwt redis", ginJWT, b.ginJWT("--redis", address)},
	}
	if redis == nil {
		starts = starts[:len(starts)-2]
	} else {
		all["redis"] = redis
	}
	for _, each := range starts {
		s, err := b.serve(ctx, each.name, each.service, each.at)
		if errors.Is(err, machine.ErrNoQuota) {
			b.say("%s: %v", each.name, err)
			continue
		}
		if err != nil {
			return all, err
		}
		all[each.name] = s
		b.say("%s: %d clients sign in", each.name, b.Clients)
		if err := s.signIn(ctx, b.Clients); err != nil {
			return all, err
		}
	}
	// Gin alone is served by the same process.
	hello := &server{Process: all["gin-jwt"].Process, name: "gin-hello", service: service.GinHello(), addr: all["gin-jwt"].addr}
	all[hello.name] = hello
	if err := hello.signIn(ctx, b.Clients); err != nil {
		return all, err
	}
	return all, all.halt()
}

// halt halts everything but Redis.
func (all servers) halt() error {
	var errs []error
	for name, s := range all {
		if name != "redis" {
			errs = append(errs, s.halt())
		}
	}
	return errors.Join(errs...)
}

// startRedis starts a Redis server on the other core, which keeps nothing on the disk. It is nil where there is none.
func (b *bench) startRedis(ctx context.Context) (*server, string, error) {
	path, err := exec.LookPath("redis-server")
	if err != nil {
		b.say("there is no redis-server on the PATH: nothing of Redis is measured")
		return nil, "", nil
	}
	addr, err := machine.FreeAddress()
	if err != nil {
		return nil, "", err
	}
	host, port, _ := net.SplitHostPort(addr)
	process, err := machine.Start(machine.Program{
		Path: path, Args: []string{"--bind", host, "--port", port, "--save", "", "--appendonly", "no"}, Place: machine.Place{Core: otherCore},
	})
	if err != nil {
		return nil, "", err
	}
	redis := &server{Process: process, name: "redis", addr: addr}
	return redis, addr, process.Await(ctx, dials(addr))
}

// stop ends every server, Redis after those that use it.
func (all servers) stop() error {
	delete(all, "gin-hello") // a process of another's
	var errs []error
	redis := all["redis"]
	delete(all, "redis")
	for _, name := range slices.Sorted(maps.Keys(all)) {
		errs = append(errs, all[name].stop())
	}
	if redis != nil {
		errs = append(errs, redis.stop())
	}
	return errors.Join(errs...)
}
