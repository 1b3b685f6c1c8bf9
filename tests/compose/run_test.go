package compose_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/tests/engines"
	"github.com/latchkey-auth/latchkey/tests/scenario"
)

// patience is how long a client waits for an answer: longer than the proxy tries a process that is not there.
const patience = 10 * time.Second

func TestMain(m *testing.M) { engines.Main(m) }

// TestTheFileRuns brings up what the file says, and has a person stay signed in whatever happens to the processes.
func TestTheFileRuns(t *testing.T) {
	d := create(t)
	d.compose("up", "--wait")
	d.expectSmallImage()
	p := d.arrive()
	d.compose("kill", "latchkey-1")
	d.expectSignedIn(p)
	d.compose("up", "--wait", "--force-recreate", "--renew-anon-volumes") // new containers, to which the volumes of the file are all that is left
	d.expectSignedIn(p)
	d.compose("kill", "latchkey-2")
	d.expectSignedIn(p)
}

// deployment is the file as it runs, under a project name of the test's own.
type deployment struct {
	t       *testing.T
	command []string
}

// create makes the containers, with secrets that the line at the top of the file makes.
func create(t *testing.T) *deployment {
	d := &deployment{t: t}
	engines.Docker(t, func() error {
		compose, err := findCompose(t.TempDir())
		if err != nil {
			return err
		}
		secrets, err := makeSecrets(t.TempDir())
		if err != nil {
			return err
		}
		d.command = append(compose, "--project-name", "latchkey-test-"+strings.ToLower(rand.Text()), "--env-file", secrets, "--file", file)
		if local := os.Getenv("LATCHKEY_TEST_COMPOSE_FILE"); local != "" { // where no image can be pulled
			d.command = append(d.command, "--file", local)
		}
		t.Cleanup(func() { d.compose("down", "--volumes") })
		_, err = d.run(t.Context(), "create", "--build")
		return err
	})
	return d
}

// findCompose is how Docker Compose is called: as a plugin of the docker command, or, without that, built here.
func findCompose(dir string) ([]string, error) {
	if exec.Command("docker", "compose", "version").Run() == nil {
		return []string{"docker", "compose"}, nil
	}
	program := filepath.Join(dir, "docker-compose")
	out, err := exec.Command("go", "-C", "cli", "build", "-o", program, "github.com/docker/compose/v5/cmd").CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("there is no docker compose, and it cannot be built: %w: %s", err, out)
	}
	return []string{program}, nil
}

var secretsLine = regexp.MustCompile(`(?m)^# +(printf .* > \.env)$`)

// makeSecrets runs the line at the top of the file in a folder, and answers the path of the .env that it makes.
func makeSecrets(dir string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	line := secretsLine.FindSubmatch(text)
	if line == nil {
		return "", fmt.Errorf("no line of %s makes .env", file)
	}
	if _, err := exec.LookPath("openssl"); err != nil { // the shell would go on without it, and make empty secrets
		return "", err
	}
	cmd := exec.Command("sh", "-ec", string(line[1]))
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%s: %w: %s", line[1], err, out)
	}
	return filepath.Join(dir, ".env"), nil
}

// compose calls Docker Compose, also when the test is over.
func (d *deployment) compose(args ...string) string {
	d.t.Helper()
	out, err := d.run(context.WithoutCancel(d.t.Context()), args...)
	if err != nil {
		d.t.Fatal(err)
	}
	return out
}

func (d *deployment) run(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, d.command[0], append(d.command[1:len(d.command):len(d.command)], args...)...)
	cmd.Env = append(os.Environ(), "PORT=0") // which is a free one
	var problems strings.Builder
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("docker compose %s: %w: %s", args[0], err, problems.String())
	}
	return strings.TrimSpace(string(out)), nil
}

// service is Latchkey at the published port.
func (d *deployment) service() scenario.Service {
	d.t.Helper()
	_, port, err := net.SplitHostPort(d.compose("port", "proxy", "8000"))
	if err != nil {
		d.t.Fatal(err)
	}
	return scenario.HTTP(&http.Client{Timeout: patience}, "http://"+net.JoinHostPort("127.0.0.1", port))
}
