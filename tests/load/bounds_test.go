package main

import (
	"strconv"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/tests/load/machine"
)

func pid(p *machine.Process) string { return strconv.Itoa(p.ID()) }

func TestLoadStaysOnThisMachine(t *testing.T) {
	for _, url := range []string{
		"http://192.0.2.1:80", "http://example.org:80", "https://127.0.0.1:80", "http://localhost.example.org:80", "http://127.0.0.1",
		"http://[2001:db8::1]:80", "http://0.0.0.0:80",
	} {
		if addr, err := loopback(url); err == nil {
			t.Errorf("%s is %s", url, addr)
		}
	}
	for url, want := range map[string]string{
		"http://127.0.0.1:8000": "127.0.0.1:8000", "http://localhost:8000": "localhost:8000", "http://[::1]:8000/": "[::1]:8000",
	} {
		if addr, err := loopback(url); err != nil || addr != want {
			t.Errorf("%s is %q, %v", url, addr, err)
		}
	}
}

func TestLoadIsBounded(t *testing.T) {
	for _, args := range []string{
		"me --clients 5001", "me --clients 0", "me --for 61m", "me --for 0s", "me --accounts 0", "me --service nobody", "login --service gin-hello",
		"compare --rounds 0", "compare --slice 10ms", "compare --slice 2m", "compare --soak 2h", "compare --clients 6000",
		"scale --rounds 0", "scale --rate 0", "scale --rate 20000", "scale --users 0",
	} {
		if _, err := load(t, strings.Fields(args)...); err == nil {
			t.Errorf("%s: no error", args)
		}
	}
}

func TestALoadOnNobodySaysSo(t *testing.T) {
	addr, err := machine.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := load(t, "me", "--url", "http://"+addr); err == nil || strings.Contains(err.Error(), "status") || !strings.Contains(err.Error(), "refused") {
		t.Errorf("%v", err)
	}
}

func TestRawBcrypt(t *testing.T) {
	out, err := load(t, "raw-bcrypt", "1ms")
	if err != nil {
		t.Fatal(err)
	}
	if rate, err := strconv.ParseFloat(strings.TrimSpace(out), 64); err != nil || rate <= 0 {
		t.Errorf("printed %q", out)
	}
}
