package compare

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/tests/load/drive"
	"github.com/latchkey-auth/latchkey/tests/load/machine"
	"github.com/latchkey-auth/latchkey/tests/load/service"
)

// bin is the folder of the programs, built once for all tests.
var bin string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "latchkey-compare-test-")
	if err != nil {
		log.Fatal(err)
	}
	bin = dir
	if err := Build(context.Background(), bin, "filled"); err != nil {
		log.Fatal(err)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// newTestBench is a bench of short slices.
func newTestBench(t *testing.T) *bench {
	t.Helper()
	b, done, err := newBench(Options{Rounds: 1, Slice: 200 * time.Millisecond, Clients: calmClients, Plot: t.TempDir()}, io.Discard, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := done(); err != nil {
			t.Error(err)
		}
	})
	if err := os.Symlink(bin, filepath.Join(b.work, "bin")); err != nil {
		t.Fatal(err)
	}
	return b
}

// start starts Latchkey with cheap hashing, under a name that rows have figures of.
func start(t *testing.T, b *bench, name string) *server {
	t.Helper()
	store := scaled{name: name}
	if err := b.open(t.Context(), "sqlite", &store); err != nil {
		t.Fatal(err)
	}
	s, err := b.serve(t.Context(), name, service.Latchkey(), b.filled(store.env))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.stop(); err != nil {
			t.Error(err)
		}
	})
	if err := s.signIn(t.Context(), b.Clients); err != nil {
		t.Fatal(err)
	}
	return s
}

// halted checks that a server whose turn is over does nothing.
func halted(t *testing.T, s *server) {
	t.Helper()
	if err := s.Await(t.Context(), func() error {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.ID()))
		if err == nil && !strings.Contains(string(status), "State:\tT") {
			err = errors.New("it runs")
		}
		return err
	}); err != nil {
		t.Error(err)
	}
}

// A turn leaves the figures that the table looks for, and without an error.
func TestTurnsLeaveFigures(t *testing.T) {
	b := newTestBench(t)
	s := start(t, b, "latchkey")
	for op, busyPoll := range map[drive.Op]bool{drive.Me: true, drive.Refresh: true, drive.Login: false} {
		do := drive.Group{Ops: []drive.Op{op}, BusyPoll: busyPoll}
		if err := b.compete(t.Context(), contest{b.sides(servers{"latchkey": s}, do, "latchkey"), 2, b.Slice / 2}); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.storm(t.Context(), s, true); err != nil {
		t.Fatal(err)
	}
	halted(t, s)
	s.name = "peer"
	if err := b.storm(t.Context(), s, false); err != nil {
		t.Fatal(err)
	}
	if got := b.figures["alone peer login"]; got != nil {
		t.Errorf("what the few cost a peer was measured: %v", got)
	}
	for _, name := range []string{
		"storm peer me", "calm peer refresh",
		"me latchkey", "refresh latchkey", "login latchkey", "calm latchkey me", "calm latchkey refresh",
		"storm latchkey me", "storm latchkey refresh", "storm latchkey login", "alone latchkey login",
	} {
		if got := b.figures[name]; len(got) != 1 || got[0] <= 0 { // one a round, else rounds are compared with others
			t.Errorf("%s: %v", name, got)
		}
	}
	if got, ok := b.figures.of("storm latchkey errors"); !ok || got.most != 0 {
		t.Errorf("errors: %v", got)
	}
	path, err := b.plot()
	if err != nil {
		t.Fatal(err)
	}
	if svg, err := os.ReadFile(path); err != nil || !strings.Contains(string(svg), "Latchkey") {
		t.Errorf("the plot: %v: %.100s", err, svg)
	}
}

// Everything that the table shows is measured by somebody.
func TestRowsAreMeasured(t *testing.T) {
	all, measured := servers{}, map[string]bool{}
	for _, name := range []string{"latchkey", "latchkey bcrypt", "latchkey memory", "latchkey redis", "gin-hello", "gin-jwt", "gin-jwt redis", "pocketbase"} {
		all[name] = &server{name: name}
	}
	for _, c := range (&bench{}).contests(all) {
		for _, s := range c.sides {
			measured[s.name] = true
		}
	}
	for _, each := range stormed {
		for _, what := range []string{" me", " refresh", " errors"} {
			measured["calm "+each.name+what], measured["storm "+each.name+what] = true, true
		}
		measured["alone "+each.name+" login"], measured["storm "+each.name+" login"] = each.cost, each.cost
	}
	for _, once := range []string{"refreshes by fsync", "memory idle", "memory storm", "soak end", "soak beginning", "start"} {
		measured[once] = true
	}
	for _, r := range append(rows, peers...) {
		if !measured[r.figure] || r.beside != "" && !measured[r.beside] {
			t.Errorf("%s: nobody measures %q or %q", r.work, r.figure, r.beside)
		}
	}
}

// Stores of two sizes are filled and measured, each person and session of them being one that can sign in.
func TestScale(t *testing.T) {
	b := newTestBench(t)
	store := scaled{name: "few", size: Size{Users: 20, Sessions: 45}}
	if err := b.open(t.Context(), "sqlite", &store); err != nil {
		t.Fatal(err)
	}
	if err := b.fill(t.Context(), store); err != nil {
		t.Fatal(err)
	}
	o := ScaleOptions{Store: "sqlite", Requests: 100, Every: time.Millisecond}
	if err := b.grown(t.Context(), o, store); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"sign-in", "me, first", "me, again", "refresh"} {
		if got, ok := b.figures.of("few " + name + " p99"); !ok || got.median <= 0 {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestStoppingMeansNobodyIsLeft(t *testing.T) {
	b := newTestBench(t)
	store := scaled{name: "latchkey"}
	if err := b.open(t.Context(), "sqlite", &store); err != nil {
		t.Fatal(err)
	}
	s, err := b.serve(t.Context(), "latchkey", service.Latchkey(), b.filled(store.env))
	if err != nil {
		t.Fatal(err)
	}
	if err := (servers{"latchkey": s}).stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := machine.UsageOf(s.ID()); err == nil {
		t.Error("the process is still there")
	}
}
