package main

import (
	"bytes"
	"context"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/tests/load/compare"
	"github.com/latchkey-auth/latchkey/tests/load/machine"
	"github.com/latchkey-auth/latchkey/tests/load/service"
)

// bin is the folder of the programs, built once for all tests.
var bin string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "latchkey-load-test-")
	if err != nil {
		log.Fatal(err)
	}
	bin = dir
	if err := compare.Build(context.Background(), bin, "filled", "ginjwt", "pocketbase"); err != nil {
		log.Fatal(err)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// serve starts a service, which ends with the test.
func serve(t *testing.T, of service.Service) (process *machine.Process, url string) {
	t.Helper()
	addr, err := machine.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	process, err = machine.Start(program(t, of, addr))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := process.Stop(); err != nil {
			t.Error(err)
		}
	})
	url = "http://" + addr
	err = process.Await(t.Context(), func() error {
		answer, err := http.Get(url + of.Alive)
		if err != nil {
			return err
		}
		return answer.Body.Close()
	})
	if err != nil {
		t.Fatal(err)
	}
	return process, url
}

// program is the service at an address, Latchkey in memory and with cheap hashing.
func program(t *testing.T, of service.Service, addr string) machine.Program {
	t.Helper()
	dir := t.TempDir()
	switch of.Name {
	case "pocketbase":
		return machine.Program{Path: filepath.Join(bin, "pocketbase"), Args: []string{"serve", "--http", addr, "--dir", dir}, Env: []string{"HOME=" + dir}}
	case "latchkey":
		host, port, _ := net.SplitHostPort(addr)
		return machine.Program{Path: filepath.Join(bin, "filled"), Args: []string{"serve"}, Dir: dir, Env: []string{
			"HOST=" + host, "PORT=" + port, "DATA_DIR=" + dir, "USER_STORE=memory:", "TOKEN_STORE=memory:", "REGISTRATIONS_PER_IP=100000/1h",
		}}
	}
	return machine.Program{Path: filepath.Join(bin, "ginjwt"), Args: []string{"--listen", addr}}
}

// load runs a command, and answers what it prints.
func load(t *testing.T, args ...string) (string, error) {
	t.Helper()
	root := newRoot()
	var out bytes.Buffer
	root.SetOut(&out)
	root.SetErr(&bytes.Buffer{})
	root.SetArgs(args)
	err := root.ExecuteContext(t.Context())
	return out.String(), err
}

// Every mode gets good answers to as many requests as it was told to make.
func TestModesOnLatchkey(t *testing.T) {
	process, url := serve(t, service.Latchkey())
	for _, m := range modes {
		t.Run(m.name, func(t *testing.T) {
			out, err := load(t, m.name, "--url", url, "--clients", "8", "--accounts", "4", "--requests", "400", "--for", "1m", "--pid", pid(process))
			if err != nil {
				t.Fatal(err)
			}
			for _, op := range m.ops {
				if !regexp.MustCompile(`(?m)^ *` + string(op) + ` .* none$`).MatchString(out) {
					t.Errorf("no good answers to %s:\n%s", op, out)
				}
			}
			if !strings.Contains(out, "server: ") {
				t.Errorf("nothing of the server:\n%s", out)
			}
		})
	}
}

// What Latchkey is measured by does what it is asked for, too.
func TestPeers(t *testing.T) {
	for _, of := range []service.Service{service.GinJWT(), service.GinHello(), service.PocketBase()} {
		_, url := serve(t, of)
		for _, mode := range []string{"register", "login", "refresh", "me"} {
			if of.Login == nil && mode != "me" {
				continue
			}
			t.Run(of.Name+" "+mode, func(t *testing.T) {
				out, err := load(t, mode, "--service", of.Name, "--url", url, "--clients", "2", "--accounts", "1", "--requests", "4", "--for", "1m")
				if err != nil {
					t.Fatal(err)
				}
				if !regexp.MustCompile(`(?m)^ *` + mode + ` +4 .* none$`).MatchString(out) {
					t.Errorf("not four good answers:\n%s", out)
				}
			})
		}
	}
}
