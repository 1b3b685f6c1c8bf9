package engines

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

var mongodb = engine{name: "MongoDB", ways: []way{
	atAddress("LATCHKEY_TEST_MONGO_URL"),
	inContainer(image{name: "mongo:8", variable: "LATCHKEY_TEST_MONGO_IMAGE", port: "27017/tcp", url: mongoURL}),
	{process, mongoProcess},
}}

// Mongo is the URL of a MongoDB database that is empty and this test's alone. It is dropped when the test is over.
func Mongo(t testing.TB) string {
	t.Helper()
	server, err := url.Parse(mongodb.find(t))
	if err != nil {
		t.Fatalf("the URL of the MongoDB server: %v", err)
	}
	server.Path = "/latchkey-test-" + rand.Text()
	t.Cleanup(func() {
		if err := dropDatabase(context.WithoutCancel(t.Context()), server); err != nil {
			t.Logf("the MongoDB database was not dropped: %v", err) // the test may have ended the server itself
		}
	})
	return server.String()
}

func mongoURL(addr string) string { return "mongodb://" + addr }

func dropDatabase(ctx context.Context, u *url.URL) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	client, err := mongo.Connect(options.Client().ApplyURI(u.String()))
	if err != nil {
		return err
	}
	return errors.Join(client.Database(u.Path[1:]).Drop(ctx), client.Disconnect(ctx))
}

// mongoProcess is FerretDB, which speaks MongoDB's protocol and keeps the data in SQLite.
func mongoProcess(ctx context.Context) (string, error) {
	dir, err := tempDir()
	if err != nil {
		return "", err
	}
	program, err := buildFerretDB(dir)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), startTimeout) // the first build may take longer
	defer cancel()
	s, err := startFerretDB(ctx, program, dir)
	if err != nil {
		return "", err
	}
	atEnd(s.end)
	return mongoURL(s.addr), nil
}

// startFerretDB starts the program, which keeps its data in the folder. Whoever calls it ends it.
func startFerretDB(ctx context.Context, program, dir string) (*server, error) {
	return startServer(ctx, dir, program, ferretDBArgs(dir), mongoAnswers)
}

func ferretDBArgs(dir string) func(port string) []string {
	return func(port string) []string { return []string{"--listen", "127.0.0.1:" + port, "--data", dir} }
}

// buildFerretDB builds the module beside this folder, which is one of its own, so that nobody who uses Latchkey has
// to fetch what FerretDB needs. Without its sources, that is where Go cannot fetch them, there is none.
func buildFerretDB(dir string) (program string, err error) {
	tool, err := exec.LookPath("go")
	if err != nil {
		return "", missingf("no go on the PATH, to build FerretDB with")
	}
	_, file, _, _ := runtime.Caller(0)
	sources := filepath.Join(filepath.Dir(file), "..", "ferretdb")
	fetch := exec.Command(tool, "mod", "download")
	fetch.Dir = sources
	if out, err := fetch.CombinedOutput(); err != nil {
		return "", missingf("the sources of FerretDB cannot be fetched: %v: %s", err, out)
	}
	program = filepath.Join(dir, "ferretdb")
	build := exec.Command(tool, "build", "-tags", "ferretdb_no_postgresql", "-o", program, ".")
	build.Dir = sources
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build FerretDB: %w: %s", err, out)
	}
	return program, nil
}

func mongoAnswers(ctx context.Context, addr string) error {
	client, err := mongo.Connect(options.Client().ApplyURI(mongoURL(addr)))
	if err != nil {
		return err
	}
	return errors.Join(client.Ping(ctx, nil), client.Disconnect(ctx))
}
