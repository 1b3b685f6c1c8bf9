package mongo

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"

	"github.com/latchkey-auth/latchkey/ports"
)

// engine is what the server is and what it can do.
type engine struct {
	// replicated: several servers keep the data, so that one of them may have been deposed and not know it yet.
	replicated bool
	// takesTurns: an update is no atomic step, as in FerretDB 1, which reads, decides and writes. Then this process
	// makes one write at a time, and must be the only one that writes.
	takesTurns bool
	// collates: lookups and indexes can ignore case.
	collates bool
	// expires: the engine itself removes what is over.
	expires bool
}

// inspect asks the server what it is. What it can do, prepare finds out by asking for it.
func inspect(ctx context.Context, db *driver.Database) (engine, error) {
	hello, err := db.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Raw()
	if err != nil {
		return engine{}, fmt.Errorf("hello: %w", err)
	}
	build, err := db.RunCommand(ctx, bson.D{{Key: "buildInfo", Value: 1}}).Raw()
	if err != nil {
		return engine{}, fmt.Errorf("buildInfo: %w", err)
	}
	return engine{
		replicated: text(hello, "setName") != "" || text(hello, "msg") == "isdbgrid",
		takesTurns: text(build, "ferretdbVersion") != "",
	}, nil
}

// collection reads linearizably where that means anything: a primary makes sure that it still is one before it answers.
// A server that stands alone, which refuses that, has nobody to be deposed by.
func (e engine) collection(db *driver.Database, name string) *driver.Collection {
	if !e.replicated {
		return db.Collection(name)
	}
	return db.Collection(name, options.Collection().SetReadConcern(readconcern.Linearizable()))
}

// turn is held by the write that is under way in this process, whatever store of it, where writes take turns.
var turn = make(chan struct{}, 1)

// write makes a write, alone where the engine needs that.
func (s *Store) write(ctx context.Context, do func() error) error {
	if err := ctx.Err(); err != nil {
		return ports.Unavailable(err)
	}
	if !s.engine.takesTurns {
		return do()
	}
	select {
	case turn <- struct{}{}:
		defer func() { <-turn }()
		return do()
	case <-ctx.Done():
		return ports.Unavailable(ctx.Err())
	}
}
