package compare

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/latchkey-auth/latchkey/tests/load/drive"
	"github.com/latchkey-auth/latchkey/tests/load/machine"
	"github.com/latchkey-auth/latchkey/tests/load/service"
)

// The cores: the servers that are measured have one for themselves, and the rest shares the other.
const (
	serverCore = 1
	otherCore  = 2
)

// server is a server that runs.
type server struct {
	*machine.Process
	name    string
	service service.Service
	addr    string
	clients []*drive.Client // who are signed in
	took    time.Duration   // from the start to the first answer
}

// serve starts a program that is a service, and waits for its first answer.
func (b *bench) serve(ctx context.Context, name string, of service.Service, at func(addr string) machine.Program) (*server, error) {
	addr, err := machine.FreeAddress()
	if err != nil {
		return nil, err
	}
	program := at(addr)
	program.Dir = filepath.Join(b.work, name)
	if b.Verbose {
		program.Stderr = b.log
	}
	if err := os.MkdirAll(program.Dir, 0o700); err != nil {
		return nil, err
	}
	began := time.Now()
	process, err := machine.Start(program)
	if err != nil {
		return nil, err
	}
	s := &server{Process: process, name: name, service: of, addr: addr}
	if err := process.Await(ctx, s.alive); err != nil {
		_ = process.Stop()
		return nil, err
	}
	s.took = time.Since(began)
	return s, nil
}

// alive asks whether the service is up.
func (s *server) alive() error {
	answer, err := http.Get("http://" + s.addr + s.service.Alive)
	if err != nil {
		return err
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", answer.StatusCode)
	}
	return nil
}

// signIn has clients sign in, each with an account of their own.
func (s *server) signIn(ctx context.Context, clients int) error {
	s.clients = drive.NewClients(s.service, s.addr, clients, clients)
	if s.service.Login == nil {
		return nil
	}
	if err := drive.RegisterAll(ctx, s.clients); err != nil {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	if err := drive.SignInAll(ctx, s.clients); err != nil {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	return nil
}

// awake resumes a server for as long as something is done.
func (s *server) awake(do func() error) error {
	if err := s.Resume(); err != nil {
		return fmt.Errorf("%s cannot be resumed: %w", s.name, err)
	}
	err := do()
	return errors.Join(err, s.halt())
}

// halt halts the server. What it has put off, such as its log, it does in its own next turn, and not in another's. No
// connection is kept: the server would find it idle for too long, and close it under the first request of that turn.
func (s *server) halt() error {
	drive.CloseAll(s.clients)
	if err := s.Pause(); err != nil {
		return fmt.Errorf("%s cannot be halted: %w", s.name, err)
	}
	return nil
}

// stop ends the server.
func (s *server) stop() error {
	drive.CloseAll(s.clients)
	if err := s.Stop(); err != nil {
		return fmt.Errorf("%s ended: %w", s.name, err)
	}
	return nil
}

// latchkey is Latchkey as it comes, but for settings that are given. One machine is everybody here, so more may register
// from it than usual; and access tokens outlast a run.
func (b *bench) latchkey(place machine.Place, settings ...string) func(addr string) machine.Program {
	return func(addr string) machine.Program {
		host, port, _ := net.SplitHostPort(addr)
		env := append([]string{
			"HOST=" + host, "PORT=" + port, "OPERATOR_ADDR=off", "DATA_DIR=data", "REGISTRATIONS_PER_IP=1000000/1h", "ACCESS_TOKEN_EXPIRY=1d",
		}, settings...)
		return machine.Program{Path: b.program("latchkey"), Env: append(env, b.Set...), Place: place}
	}
}

func (b *bench) ginJWT(args ...string) func(addr string) machine.Program {
	return func(addr string) machine.Program {
		return machine.Program{Path: b.program("ginjwt"), Args: append([]string{"--listen", addr}, args...), Place: onServerCore}
	}
}

func (b *bench) pocketBase(addr string) machine.Program {
	return machine.Program{Path: b.program("pocketbase"), Args: []string{"serve", "--http", addr, "--dir", "data"}, Env: []string{"HOME=" + b.work}, Place: onServerCore}
}

var onServerCore = machine.Place{Core: serverCore}

// program is the path of a program that was built.
func (b *bench) program(name string) string { return filepath.Join(b.work, "bin", name) }
