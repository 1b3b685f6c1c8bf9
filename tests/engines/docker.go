package engines

import (
	"context"
	"os"
	"testing"
)

// Docker is for tests that run containers themselves. It skips the test where Docker does not answer, or what else the
// test needs is not there, as prepare finds. LATCHKEY_TEST_REQUIRE=containers makes that a failure; where it demands
// processes, there are no containers.
func Docker(t testing.TB, prepare func() error) {
	t.Helper()
	if kind(os.Getenv("LATCHKEY_TEST_REQUIRE")) == process {
		t.Skip("LATCHKEY_TEST_REQUIRE demands what runs without Docker")
	}
	docker := engine{name: "Docker", ways: []way{{container, func(ctx context.Context) (string, error) {
		if err := dockerAnswers(ctx); err != nil {
			return "", missingf("Docker does not answer: %v", err)
		}
		if err := prepare(); err != nil {
			return "", missingf("%v", err)
		}
		return "", nil
	}}}}
	docker.find(t)
}
