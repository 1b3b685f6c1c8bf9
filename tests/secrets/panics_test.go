package secrets_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/httpapi"
	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// TestPanicsHideWhatTheySay: a bug panics with whatever it has in its hands, a password say. Lost would be that, to
// whoever reads the log, or the answer. The type of it and the stack are enough to find the bug.
func TestPanicsHideWhatTheySay(t *testing.T) {
	for name, cause := range map[string]any{
		"a text": marked, "an error": errors.New("no such password: " + marked), "bytes": []byte(marked),
		"a value": struct{ Password string }{marked}, "a secret": domain.NewSecret(marked), "what String answers": &url.URL{Path: marked},
		"a panic elsewhere": elsewhere(marked),
	} {
		var log bytes.Buffer
		answer := httptest.NewRecorder()
		panicking(t, &log, cause).ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/readyz", nil))
		if answer.Code != http.StatusInternalServerError || !strings.Contains(log.String(), "panic of type ") || !strings.Contains(log.String(), "panics_test.go") {
			t.Errorf("%s: answered %d, logged %.200s", name, answer.Code, &log)
		}
		hidden(t, name+" in the log", log.String())
		hidden(t, name+" in the answer", answer.Body.String())
	}
}

// elsewhere is what another goroutine panicked with, as it is passed on.
func elsewhere(cause any) (passedOn ports.Panic) {
	defer func() { passedOn = ports.PanicOf(recover()) }()
	panicWith(marked, cause)
	return ports.Panic{}
}

// TestAPanicElsewhereIsLoggedWithBothStacks: hashing and answering are done by two goroutines, and the bug is in the one
// that does not answer. Lost would be where.
func TestAPanicElsewhereIsLoggedWithBothStacks(t *testing.T) {
	var log bytes.Buffer
	panicking(t, &log, elsewhere(marked)).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/readyz", nil))
	there, here, passedOn := strings.Cut(log.String(), "passed on in")
	if !passedOn || !strings.Contains(there, "panic of type string") || !strings.Contains(there, "secrets_test.elsewhere") || !strings.Contains(here, "ServeHTTP") {
		t.Errorf("logged %.3000s", &log)
	}
}

// panicking is a service with a bug, which logs all there is to log.
func panicking(t *testing.T, log *bytes.Buffer, cause any) http.Handler {
	t.Helper()
	handler, err := httpapi.New(httpapi.Config{
		App:       app.New(app.Deps{Now: time.Now}),
		Logger:    slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Now:       time.Now,
		PublicURL: &url.URL{Scheme: "http", Host: "localhost"},
		Observe:   func(string, string, int, time.Duration) {},
		Ready:     func(context.Context) error { panicWith(marked, cause); return nil },
	})
	must(t, err)
	return handler
}

// panicWith has a secret among its arguments as well, which stand in the stack.
//
//go:noinline
func panicWith(password string, cause any) {
	if len(password) > 0 {
		panic(cause)
	}
}
