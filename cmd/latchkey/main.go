// Latchkey is an authentication service. Without arguments, it serves.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	if err := hideMemory(); err != nil {
		fmt.Fprintln(os.Stderr, "latchkey: the memory cannot be kept out of core dumps:", err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	// After the first signal the next one kills, as people expect who press the keys twice.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}
