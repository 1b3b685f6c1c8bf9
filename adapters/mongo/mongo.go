// Package mongo keeps users and sessions in MongoDB, or in an engine that speaks its protocol.
//
// The collection of users is laid out as Mongoose does it, names and types, so that Latchkey can be pointed at the
// database of an existing back end. What such a document holds beside is left alone, byte for byte.
//
// A write is answered when a majority of the replica set, or a server that stands alone, has it in its journal.
package mongo

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
)

const (
	// defaultDatabase is the one that is used where the URL names none.
	defaultDatabase = "latchkey"
	// selectionTimeout bounds the wait for a server that can take a call whose context has no deadline.
	selectionTimeout = 5 * time.Second
	// disconnectTimeout bounds how long Close waits for calls under way.
	disconnectTimeout = 5 * time.Second
)

// Store is a connection to a database. Its Users and Sessions serve any number of callers at once.
type Store struct {
	now          func() time.Time
	client       *driver.Client
	users        *driver.Collection
	sessions     *driver.Collection
	engine       engine
	stopSweeping func()
}

// Connect connects to the database that the URL names ("latchkey" where it names none) and makes the indexes that are
// missing. Indexes that are there are kept. Where two users already have the same email or username, also by case, the
// error is a DuplicateError. Sessions expire by the clock now.
func Connect(ctx context.Context, uri string, now func() time.Time) (*Store, error) {
	s, err := connect(ctx, uri, now)
	if err != nil {
		return nil, fmt.Errorf("connect to MongoDB: %w", err)
	}
	return s, nil
}

func connect(ctx context.Context, uri string, now func() time.Time) (_ *Store, err error) {
	name, err := databaseOf(uri)
	if err != nil {
		return nil, err
	}
	client, err := driver.Connect(clientOptions(uri))
	if err != nil {
		return nil, err
	}
	s := &Store{now: now, client: client, stopSweeping: func() {}}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	db := client.Database(name)
	if s.engine, err = inspect(ctx, db); err != nil {
		return nil, translate(ctx, err)
	}
	s.users, s.sessions = s.engine.collection(db, "users"), s.engine.collection(db, "sessions")
	if err := s.prepare(ctx); err != nil {
		return nil, err
	}
	if !s.engine.expires {
		s.stopSweeping = s.sweepEvery(sweepInterval)
	}
	return s, nil
}

// clientOptions are the URL's, but for those that the contracts of the stores hang on.
func clientOptions(uri string) *options.ClientOptions {
	journal := true
	return options.Client().
		SetAppName("latchkey").
		SetServerSelectionTimeout(selectionTimeout).
		ApplyURI(uri).
		SetReadPreference(readpref.Primary()).
		SetWriteConcern(&writeconcern.WriteConcern{W: writeconcern.WCMajority, Journal: &journal})
}

// databaseOf is the name of the database in a connection string, which no URL parser takes: it may list several hosts.
func databaseOf(uri string) (string, error) {
	_, rest, _ := strings.Cut(uri, "://")
	_, path, _ := strings.Cut(rest, "/")
	path, _, _ = strings.Cut(path, "?")
	name, err := url.PathUnescape(path)
	if err != nil || name == "" {
		return defaultDatabase, err
	}
	return name, nil
}

// Users is the repository of users in this database.
func (s *Store) Users() *Users { return &Users{s} }

// Sessions is the store of sessions in this database.
func (s *Store) Sessions() *Sessions { return &Sessions{s} }

// Ping reports whether the server that takes writes answers.
func (s *Store) Ping(ctx context.Context) error {
	return translate(ctx, s.client.Ping(ctx, readpref.Primary()))
}

// Close waits for calls under way and lets the connections go. Later calls get ErrUnavailable.
func (s *Store) Close() error {
	s.stopSweeping()
	ctx, cancel := context.WithTimeout(context.Background(), disconnectTimeout)
	defer cancel()
	err := s.client.Disconnect(ctx)
	if errors.Is(err, driver.ErrClientDisconnected) {
		return nil // it was closed before
	}
	return err
}
