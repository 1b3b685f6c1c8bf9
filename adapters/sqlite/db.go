// Package sqlite keeps users and sessions in one file, by SQLite compiled to Go. It is the default store.
//
// A write is answered when it has reached the disk: it survives a crash of the process and of the machine.
package sqlite

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"
)

// maxReaders bounds how many reads run at once, and with them the memory of their caches.
const maxReaders = 4

// DB is an open database. Its Users and Sessions serve any number of callers at once.
type DB struct {
	now          func() time.Time
	file         *held
	writer       *writer
	readers      *readers
	cache        *cache
	stopSweeping func()
	closeOnce    func() error
}

// Open opens the database at path, making it, and its folder, where there is none, and brings its schema up to date.
// A file that is not Latchkey's, or too new, is refused with ErrNotADatabase, ErrForeign or ErrNewer, and not touched.
// Sessions expire by the clock now.
func Open(ctx context.Context, path string, now func() time.Time) (*DB, error) {
	db, err := open(ctx, path, now)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	return db, nil
}

func open(ctx context.Context, path string, now func() time.Time) (*DB, error) {
	steps, err := migrations(embedded)
	if err != nil {
		return nil, err
	}
	if err := create(path); err != nil {
		return nil, err
	}
	if err := inspect(ctx, path, len(steps)); err != nil {
		return nil, err
	}
	file, err := holdFile(path)
	if err != nil {
		return nil, err
	}
	db := &DB{now: now, file: file}
	if err := db.connect(ctx, path, steps); err != nil {
		return nil, errors.Join(err, file.release())
	}
	db.stopSweeping = db.sweepEvery(sweepInterval)
	db.closeOnce = sync.OnceValue(db.close)
	return db, nil
}

func (db *DB) connect(ctx context.Context, path string, steps []string) error {
	writing, err := connect(ctx, path, readWrite)
	if err != nil {
		return err
	}
	if err := migrate(ctx, writing.sql, steps); err != nil {
		return errors.Join(err, writing.close())
	}
	reading, err := openReaders(ctx, path, min(max(runtime.GOMAXPROCS(0), 2), maxReaders))
	if err != nil {
		return errors.Join(err, writing.close())
	}
	watch, err := openWatcher(ctx, path, db.file)
	if err != nil {
		return errors.Join(err, reading.close(), writing.close())
	}
	kept := newCache(watch)
	db.writer, db.readers, db.cache = newWriter(writing, kept), reading, kept
	return nil
}

// Users is the repository of users in this database.
func (db *DB) Users() *Users { return &Users{db} }

// Sessions is the store of sessions in this database.
func (db *DB) Sessions() *Sessions { return &Sessions{db} }

// Ping reports whether the database can be read and written.
func (db *DB) Ping(ctx context.Context) error {
	err := db.readers.do(ctx, func(c *conn) error {
		var tables int
		return c.row(`SELECT count(*) FROM sqlite_schema`).Scan(&tables)
	})
	if err != nil {
		return err
	}
	return db.writer.do(ctx, func(*conn) error { return nil }, nothing)
}

// Close waits for reads and writes in flight and closes the database. Later calls get ErrUnavailable.
func (db *DB) Close() error { return db.closeOnce() }

func (db *DB) close() error {
	db.stopSweeping()
	// The last connection to be closed moves the log into the file and removes it, which a reader cannot.
	return errors.Join(db.readers.close(), db.cache.watch.close(), db.writer.close(), db.file.release())
}
