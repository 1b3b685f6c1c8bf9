package compare

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// sources is the folder of a program, from the top of the repository.
var sources = map[string]string{
	"latchkey":   "cmd/latchkey",
	"ginjwt":     "tests/load/peers/ginjwt",
	"pocketbase": "tests/load/peers/pocketbase",
	"filled":     "tests/filled",
	"ferretdb":   "tests/ferretdb",
}

// Top is the top of the repository.
func Top() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "..")
}

// Build builds programs of this repository into a folder, as they are built for release.
func Build(ctx context.Context, dir string, names ...string) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, name := range names {
		build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-tags=ferretdb_no_postgresql,nomsgpack", "-o", filepath.Join(dir, name), ".")
		build.Dir = filepath.Join(Top(), sources[name])
		build.Env = append(build.Environ(), "CGO_ENABLED=0")
		group.Go(func() error {
			if out, err := build.CombinedOutput(); err != nil {
				return fmt.Errorf("build %s: %w: %s", name, err, out)
			}
			return nil
		})
	}
	return group.Wait()
}
