package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"github.com/latchkey-auth/latchkey/tests/load/compare"
	"github.com/latchkey-auth/latchkey/tests/load/drive"
	"github.com/latchkey-auth/latchkey/tests/load/machine"
	"github.com/latchkey-auth/latchkey/tests/load/service"
)

// What no load exceeds.
const (
	maxClients = 5000
	maxTime    = time.Hour
)

// mode is a load that a command makes. Its clients are signed in, and do ops, over and over; the others, if any, are
// those of a storm.
type mode struct {
	name, short string
	ops         []drive.Op
	storm       int
	every       time.Duration
	clients     int
}

var modes = []mode{
	{"register", "Register new accounts", []drive.Op{drive.Register}, 0, 0, 64},
	{"login", "Sign in", []drive.Op{drive.Login}, 0, 0, 64},
	{"refresh", "Refresh, each client with the token that it got last", []drive.Op{drive.Refresh}, 0, 0, 64},
	{"me", "Ask who one is", []drive.Op{drive.Me}, 0, 0, 64},
	{"mixed", "Sign in, refresh and ask, as on a common day", drive.Mixed, 0, 0, 64},
	{"storm", "Ask and refresh now and then, while a hundred others sign in", []drive.Op{drive.Me, drive.Refresh}, 100, 40 * time.Millisecond, 8},
	{"soak", "A common day for a long time, and whether the server's memory grows", drive.Mixed, 0, 40 * time.Millisecond, 32},
}

// loading is what the flags of a load say.
type loading struct {
	mode
	url, service string
	lasts        time.Duration
	requests     int64
	accounts     int
	pid          int
}

func newLoadCommands() (all []*cobra.Command) {
	for _, m := range modes {
		l := &loading{mode: m}
		cmd := &cobra.Command{Use: m.name, Short: m.short, Args: cobra.NoArgs, RunE: l.run}
		lasts := 10 * time.Second
		if m.name == "soak" {
			lasts = 10 * time.Minute
		}
		flags := cmd.Flags()
		flags.StringVar(&l.url, "url", "http://127.0.0.1:8000", "where the service is, on this machine")
		flags.StringVar(&l.service, "service", "latchkey", "what it is: "+strings.Join(slices.Sorted(maps.Keys(service.All())), ", "))
		flags.DurationVar(&l.lasts, "for", lasts, "how long, at most an hour")
		flags.Int64Var(&l.requests, "requests", 0, "how many requests at most; no bound where zero")
		flags.IntVar(&l.clients, "clients", m.clients, "how many clients")
		flags.IntVar(&l.accounts, "accounts", 64, "how many accounts they share")
		flags.DurationVar(&l.every, "every", m.every, "time between a client's requests; zero for none")
		flags.IntVar(&l.pid, "pid", 0, "the server's process, to read its CPU and memory")
		all = append(all, cmd)
	}
	return all
}

func (l *loading) run(cmd *cobra.Command, _ []string) error {
	addr, err := loopback(l.url)
	if err != nil {
		return err
	}
	of, ok := service.All()[l.service]
	switch {
	case !ok:
		return fmt.Errorf("there is no service %q", l.service)
	case l.clients < 1 || l.clients > maxClients || l.accounts < 1 || l.lasts <= 0 || l.lasts > maxTime:
		return fmt.Errorf("from 1 to %d clients, at least one account, for at most %v", maxClients, maxTime)
	case of.Login == nil && l.name != "me":
		return fmt.Errorf("%s does nothing but me", of.Name)
	}
	groups, err := l.groups(cmd.Context(), of, addr)
	if err != nil {
		return err
	}
	return l.measure(cmd.Context(), groups, cmd.OutOrStdout(), cmd.ErrOrStderr())
}

// groups is the clients, signed in where they have to be.
func (l *loading) groups(ctx context.Context, of service.Service, addr string) ([]drive.Group, error) {
	clients := drive.NewClients(of, addr, l.clients, min(l.accounts, l.clients))
	groups := []drive.Group{{Clients: clients, Ops: l.ops, Every: l.every}}
	if l.name == "register" {
		registerAnew(clients)
		return groups, nil
	}
	if of.Login == nil {
		return groups, nil
	}
	if err := drive.RegisterAll(ctx, clients); err != nil {
		return nil, err
	}
	if err := drive.SignInAll(ctx, clients); err != nil {
		return nil, err
	}
	if l.storm > 0 {
		many := drive.NewClients(of, addr, l.storm, min(l.accounts, l.clients))
		groups = append(groups, drive.Group{Clients: many, Ops: []drive.Op{drive.Login}})
	}
	return groups, nil
}

// registerAnew has clients register accounts that no other run has registered.
func registerAnew(clients []*drive.Client) {
	var last atomic.Int64
	last.Store(rand.Int64N(1 << 50))
	for _, c := range clients {
		c.Next = func() service.Account { return service.Numbered(int(last.Add(1))) }
	}
}

func (l *loading) measure(ctx context.Context, groups []drive.Group, out, log io.Writer) error {
	var before machine.Usage
	var watched *compare.Watched
	if l.pid != 0 {
		var err error
		if before, err = machine.UsageOf(l.pid); err != nil {
			return err
		}
		watched = compare.Watch(l.pid, time.Second)
	}
	var progress *drive.Progress
	if isTerminal(log) {
		progress = &drive.Progress{To: log, Name: l.name, More: l.usage}
	}
	result := drive.Run(ctx, drive.Load{Groups: groups, For: l.lasts, Requests: l.requests}, progress)
	for _, g := range groups {
		drive.CloseAll(g.Clients)
	}
	result.Print(out)
	if watched == nil {
		return ctx.Err()
	}
	held := watched.Stop()
	after, err := machine.UsageOf(l.pid)
	if err != nil {
		return err
	}
	second, last := compare.Quarters(held)
	fmt.Fprintf(out, "server: %.2f cores, %v; in the second quarter of the time %.1f MiB, in the last %.1f MiB\n", after.Cores(before), after, second, last)
	return ctx.Err()
}

// usage is what the server holds, for the line of progress.
func (l *loading) usage() string {
	if l.pid == 0 {
		return ""
	}
	now, err := machine.UsageOf(l.pid)
	if err != nil {
		return err.Error()
	}
	return now.String()
}

// loopback is the host and port of a URL, which has to be this machine's.
func loopback(raw string) (addr string, err error) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "http" || u.Port() == "" {
		return "", errors.New("--url takes http://HOST:PORT")
	}
	if ip := net.ParseIP(u.Hostname()); u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return "", fmt.Errorf("load is made on this machine alone, not on %s", u.Hostname())
	}
	return u.Host, nil
}
