package compare

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/latchkey-auth/latchkey/tests/load/drive"
	"github.com/latchkey-auth/latchkey/tests/load/machine"
	"github.com/latchkey-auth/latchkey/tests/load/service"
)

const (
	hashMiB      = 19 // of one argon2id hash, as Latchkey makes it
	hashWorkers  = 1  // on one core
	flood        = 1000
	floodPeople  = 50
	soakClients  = 32
	soakEvery    = 40 * time.Millisecond // each of them: 800 requests a second, 22 of them sign-ins
	soakInterval = time.Second           // between looks at the memory
)

// memory measures what Latchkey holds when nothing happens, and when a thousand clients sign in at once.
func (b *bench) memory(ctx context.Context) (err error) {
	s, err := b.serve(ctx, "memory", service.Latchkey(), b.latchkey(onServerCore))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop(), os.RemoveAll(filepath.Join(b.work, s.name))) }() // the next begins empty
	if err := settle(ctx, 2*time.Second); err != nil {
		return err
	}
	idle, err := s.Usage()
	if err != nil {
		return err
	}
	b.figures.add("memory idle", float64(idle.Resident)/machine.MiB)
	clients := drive.NewClients(s.service, s.addr, flood, floodPeople)
	defer drive.CloseAll(clients)
	if err := drive.RegisterAll(ctx, clients); err != nil {
		return err
	}
	load := drive.Load{Groups: []drive.Group{{Clients: clients, Ops: []drive.Op{drive.Login}}}, For: 2 * b.Slice}
	result, _, err := b.run(ctx, "argon2id storm", s, load)
	if err != nil {
		return err
	}
	after, err := s.Usage()
	if err != nil {
		return err
	}
	b.figures.add("memory storm", float64(after.Peak-idle.Resident)/machine.MiB-hashMiB*hashWorkers)
	t := result.Tallies[drive.Login]
	b.say("%-26s idle %.1f MiB · %d clients: %s sign-ins/s, at most %.1f MiB · %s", "memory",
		float64(idle.Resident)/machine.MiB, flood, short(result.Rate(drive.Login)), float64(after.Peak)/machine.MiB, t.Errors())
	return nil
}

// soak has clients do everything for a long time, and looks at the memory.
func (b *bench) soak(ctx context.Context) (err error) {
	if b.Soak == 0 {
		return nil
	}
	s, err := b.serve(ctx, "soak", service.Latchkey(), b.latchkey(onServerCore))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	if err := s.signIn(ctx, soakClients); err != nil {
		return err
	}
	watch := Watch(s.ID(), soakInterval)
	load := drive.Load{Groups: []drive.Group{{Clients: s.clients, Ops: drive.Mixed, Every: soakEvery}}, For: b.Soak}
	result, used, err := b.run(ctx, "soak", s, load)
	held := watch.Stop()
	if err != nil {
		return err
	}
	second, last := Quarters(held)
	b.figures.add("soak beginning", second)
	b.figures.add("soak end", last)
	b.say("%-26s %v · %d errors · second quarter %.1f MiB, last %.1f MiB · %s", "soak", b.Soak, result.Bad(), second, last, used)
	return nil
}
