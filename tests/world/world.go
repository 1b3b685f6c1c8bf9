// Package world starts the whole service inside a test: wired as the program does it, with a clock that stands still,
// cheap hashing and a log that can be read. Every request and every answer is held against the OpenAPI document.
package world

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/latchkey-auth/latchkey/adapters/password"
	"github.com/latchkey-auth/latchkey/cmd/config"
	"github.com/latchkey-auth/latchkey/cmd/serving"
	"github.com/latchkey-auth/latchkey/cmd/wiring"
	"github.com/latchkey-auth/latchkey/tests/openapi"
	"github.com/latchkey-auth/latchkey/tests/scenario"
)

// CheapHashing is the least that Argon2id may cost.
var CheapHashing = password.Config{Argon2: password.Argon2Params{Memory: 8, Time: 1, Threads: 1}}

// World is a service that runs, and what a test can see of it from behind.
type World struct {
	*wiring.Latchkey
	Clock   *scenario.Clock
	Log     *Log
	DataDir string
	URL     string
	Client  *http.Client
	Watch   *openapi.Watch // of the handler
}

// Open starts a service with these settings; those of later maps win. It ends with the test.
func Open(t *testing.T, settings ...map[string]string) *World {
	t.Helper()
	return OpenHashing(t, CheapHashing, settings...)
}

// OpenHashing is Open with hashing that costs something.
func OpenHashing(t *testing.T, hashing password.Config, settings ...map[string]string) *World {
	t.Helper()
	vars := map[string]string{"DATA_DIR": t.TempDir()}
	for _, each := range settings {
		maps.Copy(vars, each)
	}
	w, stop, err := Start(t.Context(), hashing, vars)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// Start starts a service for who is no test, such as an example, and stops it: an error of stop also says what went over
// the wire and is not in the OpenAPI document. The settings name a DATA_DIR.
func Start(ctx context.Context, hashing password.Config, settings map[string]string) (w *World, stop func() error, err error) {
	cfg, err := config.Parse(settings)
	if err != nil {
		return nil, nil, err
	}
	w = &World{Clock: scenario.NewClock(), Log: &Log{}, DataDir: settings["DATA_DIR"]}
	w.Latchkey, err = wiring.Open(ctx, cfg, wiring.Options{Logger: w.Log.logger(), Now: w.Clock.Now, Hashing: hashing})
	if err != nil {
		return nil, nil, err
	}
	document, err := openapi.Latchkey()
	if err != nil {
		return nil, nil, errors.Join(err, w.Close())
	}
	w.Watch = openapi.NewWatch(document, w.Handler)
	w.Handler = w.Watch
	server := httptest.NewUnstartedServer(w.Handler)
	server.Config = serving.NewServer(w.Handler, w.Log.logger())
	server.Start()
	w.URL, w.Client = server.URL, server.Client()
	return w, func() error {
		server.Close()
		return errors.Join(w.Watch.Err(), w.Close())
	}, nil
}

// Database is the path of the database that the service keeps by default.
func (w *World) Database() string { return filepath.Join(w.DataDir, "latchkey.db") }

// ImagesLeft counts the images that are kept on disk.
func (w *World) ImagesLeft(t *testing.T) int {
	t.Helper()
	files, err := os.ReadDir(filepath.Join(w.DataDir, "images"))
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}
