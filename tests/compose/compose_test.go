// Package compose_test reads docker-compose.yml as Docker Compose does.
package compose_test

import (
	"os"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"

	"github.com/latchkey-auth/latchkey/cmd/config"
)

const file = "../../docker-compose.yml"

// secrets is what the line at the top of the file makes.
var secrets = []string{"REFRESH_TOKEN_SECRET=" + strings.Repeat("a1", 32), "REDIS_PASSWORD=" + strings.Repeat("b2", 32)}

func load(t *testing.T, env ...string) (*types.Project, error) {
	t.Helper()
	options, err := cli.NewProjectOptions([]string{file}, cli.WithEnv(env))
	if err != nil {
		t.Fatal(err)
	}
	return options.LoadProject(t.Context())
}

func project(t *testing.T) *types.Project {
	t.Helper()
	p, err := load(t, secrets...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSecretsAreDemandedAndNotWrittenDown(t *testing.T) {
	if _, err := load(t); err == nil || !strings.Contains(err.Error(), "is made by the line at the top") {
		t.Errorf("without secrets: %v", err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range secrets {
		name, _, _ := strings.Cut(secret, "=")
		if !strings.Contains(string(text), name+"=%s") {
			t.Errorf("the line at the top does not make %s", name)
		}
	}
}

func TestTwoProcessesBehindOnePublishedPort(t *testing.T) {
	published := 0
	for _, service := range project(t).Services {
		published += len(service.Ports)
		if service.HealthCheck == nil && !strings.HasPrefix(service.Name, "latchkey-") { // whose image has its own
			t.Errorf("%s has no health check", service.Name)
		}
	}
	if published != 1 {
		t.Errorf("%d ports are published", published)
	}
}

// TestSettingsOfTheServices gives the settings of both processes to the program's own parser.
func TestSettingsOfTheServices(t *testing.T) {
	p := project(t)
	for _, name := range []string{"latchkey-1", "latchkey-2"} {
		vars := map[string]string{"DATA_DIR": "/data"}
		for variable, value := range p.Services[name].Environment {
			if value != nil {
				vars[variable] = *value
			}
		}
		cfg, err := config.Parse(vars)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if cfg.UserStore.Scheme() != "mongodb" || cfg.TokenStore.Scheme() != "redis" || len(cfg.TrustedProxies) != 1 {
			t.Errorf("%s keeps users in %s and sessions in %s", name, cfg.UserStore, cfg.TokenStore)
		}
		if p.Services[name].Networks["inside"].Ipv4Address == "" {
			t.Errorf("the proxy may look for %s where it was when the proxy started", name)
		}
		for variable := range vars {
			if !isSetting(variable) {
				t.Errorf("%s sets %s, which is no setting", name, variable)
			}
		}
	}
}

func isSetting(name string) bool {
	for _, s := range config.Settings() {
		if s.Name == name {
			return true
		}
	}
	return false
}
