package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// environment is what reads or writes the environment, by import path.
var environment = map[string][]string{
	"os":      {"Getenv", "LookupEnv", "Environ", "ExpandEnv", "Setenv", "Unsetenv", "Clearenv"},
	"syscall": {"Getenv", "Environ", "Setenv", "Unsetenv", "Clearenv"},
}

// Settings come in through one file: what it does not read, nobody reads.
func TestOneFileReadsTheEnvironment(t *testing.T) {
	var readers []string
	for _, dir := range folders(t) {
		if within("/"+filepath.ToSlash(dir), "/tests") {
			continue
		}
		paths, err := filepath.Glob(filepath.Join(root, dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			if !strings.HasSuffix(path, "_test.go") && readsEnvironment(t, path, nil) {
				readers = append(readers, path)
			}
		}
	}
	if len(readers) != 1 || !within(filepath.ToSlash(readers[0]), root+"/cmd") {
		t.Errorf("the environment is read in %v; want one file of cmd", readers)
	}
}

// readsEnvironment reports whether a file uses any of those functions, called or handed on. The source is read from
// the path where it is nil.
func readsEnvironment(t *testing.T, path string, source any) (reads bool) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	functions := map[string][]string{} // by the name that the file knows the package by
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		name := imported
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if forbidden := environment[imported]; forbidden != nil {
			reads = reads || name == "." // nobody can tell then
			functions[name] = forbidden
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		pkg, ok := selector.X.(*ast.Ident)
		reads = reads || ok && slices.Contains(functions[pkg.Name], selector.Sel.Name)
		return true
	})
	return reads
}

func TestReadersOfTheEnvironmentAreFound(t *testing.T) {
	for source, want := range map[string]bool{
		`package p; import "os"; var x = os.Getenv("X")`:                         true,
		`package p; import "os"; var x, ok = os.LookupEnv("X")`:                  true,
		`package p; import "os"; func f() { for range os.Environ() {} }`:         true,
		`package p; import "os"; var getenv = os.Getenv`:                         true,
		`package p; import "os"; var x = os.ExpandEnv("$X")`:                     true,
		`package p; import sys "os"; var x = sys.Getenv("X")`:                    true,
		`package p; import . "os"; var x = Getenv("X")`:                          true,
		`package p; import "syscall"; var x, ok = syscall.Getenv("X")`:           true,
		`package p; import "os"; var x = os.Args`:                                false,
		`package p; type o struct{}; func (o) Getenv() {}; var os o; var _ = os`: false,
		`package p; var x = "os.Getenv"`:                                         false,
	} {
		if got := readsEnvironment(t, "p.go", source); got != want {
			t.Errorf("%s: reads %t; want %t", source, got, want)
		}
	}
}
