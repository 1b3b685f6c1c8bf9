// The program ferretdb serves the MongoDB protocol over SQLite, for tests where neither MongoDB nor Docker is.
// It prints the URL that it serves at, and ends with SIGTERM or SIGINT.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "ferretdb:", err)
		os.Exit(1)
	}
}

func run(args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("ferretdb", flag.ContinueOnError)
	listen := flags.String("listen", "127.0.0.1:0", "the address to serve at")
	data := flags.String("data", "", "the folder to keep the data in; a new one, for this run only, where empty")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *data == "" {
		dir, err := os.MkdirTemp("", "ferretdb-")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(dir) }()
		*data = dir
	}
	return serve(*listen, *data, stdout)
}

func serve(listen, data string, stdout io.Writer) error {
	server, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: listen},
		Handler:   "sqlite",
		SQLiteURL: sqliteURL(data),
		Logger:    slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx) }()
	if _, err := fmt.Fprintln(stdout, server.MongoDBURI()); err != nil { // which it knows once it runs
		return err
	}
	return <-ended
}

// sqliteURL is the folder as FerretDB takes it. What is written survives the end of the process; that it survives
// that of the machine, tests do not need, and would pay for with an fsync each write.
func sqliteURL(dir string) string {
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(dir) + "/", RawQuery: "_pragma=synchronous(off)"}
	return u.String()
}
