package engines

import (
	"context"
	"crypto/rand"
	"net"
	"os/exec"
	"sync"
	"syscall"
	"testing"
)

// Own is a server in a process of one test's own, which may do to it what happens to servers. What the server has
// confirmed survives its process. It ends with the test that asked for it.
type Own struct {
	url     func(addr string) string
	program string
	dir     string
	args    func(port string) []string
	ready   func(ctx context.Context, addr string) error
	server  *server
}

// OwnRedis starts a Redis server that has on the disk what it confirms.
func OwnRedis(t testing.TB) *Own {
	t.Helper()
	return startOwn(t, "Redis", func() (*Own, error) { return durableRedis() })
}

func durableRedis(settings ...string) (*Own, error) {
	program, err := exec.LookPath("redis-server")
	if err != nil {
		return nil, missingf("no redis-server on the PATH")
	}
	dir, err := tempDir()
	args := func(port string) []string {
		durable := []string{"--port", port, "--bind", "127.0.0.1", "--dir", dir, "--save", "", "--appendonly", "yes", "--appendfsync", "always"}
		return append(durable, settings...)
	}
	return &Own{url: redisURL, program: program, dir: dir, args: args, ready: answersPing}, err
}

// OwnMongo starts FerretDB, which speaks MongoDB's protocol and keeps the data in SQLite.
func OwnMongo(t testing.TB) *Own {
	t.Helper()
	return startOwn(t, "MongoDB", func() (*Own, error) {
		program, err := ownFerretDB()
		if err != nil {
			return nil, err
		}
		dir, err := tempDir()
		url := func(addr string) string { return mongoURL(addr) + "/" + rand.Text() }
		return &Own{url: url, program: program, dir: dir, args: ferretDBArgs(dir), ready: mongoAnswers}, err
	})
}

// ownFerretDB is built once, however many of it are started.
var ownFerretDB = sync.OnceValues(func() (program string, err error) {
	dir, err := tempDir()
	if err != nil {
		return "", err
	}
	return buildFerretDB(dir)
})

// startOwn starts a server for the first time, on a free port that it keeps.
func startOwn(t testing.TB, name string, find func() (*Own, error)) *Own {
	t.Helper()
	var own *Own
	started := engine{name: name, ways: []way{{process, func(ctx context.Context) (_ string, err error) {
		if own, err = find(); err != nil {
			return "", err
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), startTimeout) // the first build may take longer
		defer cancel()
		own.server, err = startServer(ctx, own.dir, own.program, own.args, own.ready)
		return "", err
	}}}}
	started.find(t)
	t.Cleanup(func() { _ = own.server.end() })
	return own
}

// Addr is the host and port at which the server is, or will be again.
func (o *Own) Addr() string { return o.server.addr }

// URL is the server's, as seen through an address: its own, or that of a proxy. With MongoDB, the database is a new one;
// of a cluster, it is the URL of them all.
func (o *Own) URL(addr string) string { return o.url(addr) }

// Kill ends the process at once, whatever it is doing.
func (o *Own) Kill(t testing.TB) {
	t.Helper()
	if err := o.server.end(); err != nil {
		t.Fatalf("kill %s: %v", o.Addr(), err)
	}
}

// Start starts a server that was killed anew, at the same address, and returns when it answers.
func (o *Own) Start(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), startTimeout)
	defer cancel()
	_, port, err := net.SplitHostPort(o.Addr())
	if err != nil {
		t.Fatal(err)
	}
	s, err := run(exec.Command(o.program, o.args(port)...), o.dir, o.Addr())
	if err != nil {
		t.Fatal(err)
	}
	o.server = s
	if err := s.until(ctx, func() error { return o.ready(ctx, s.addr) }); err != nil {
		t.Fatal(err)
	}
}

// Stop has the process do nothing until Continue, which is to come before another Stop. Its connections stay, and it takes
// new ones.
func (o *Own) Stop(t testing.TB) {
	t.Helper()
	o.signal(t, syscall.SIGSTOP)
	if err := o.server.stopped(); err != nil {
		t.Fatalf("wait for %s to stop: %v", o.Addr(), err)
	}
}

// Continue has a process that was stopped go on.
func (o *Own) Continue(t testing.TB) { o.signal(t, syscall.SIGCONT) }

func (o *Own) signal(t testing.TB, s syscall.Signal) {
	t.Helper()
	if err := o.server.process.Signal(s); err != nil {
		t.Fatalf("%v to %s: %v", s, o.Addr(), err)
	}
}
