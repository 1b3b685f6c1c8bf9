package sqlite

import (
	"context"
	"errors"
)

// version tells one state of the database from another. The zero version is that of none: it is not known which one it is.
type version [12]uint32

// counted is the version that SQLite's count stands for.
func counted(n int64) version { return version{1, uint32(n), uint32(n >> 32)} }

// watcher tells whether the database is still in the state that it was in: by a look at the index of its log, which
// SQLite decides by itself, or, where that cannot be seen, by asking SQLite, which takes ten times as long.
type watcher struct {
	*readers           // one connection, held by whoever wants to know
	index    *walIndex // nil where it cannot be seen
}

// openWatcher watches a database that has a connection already.
func openWatcher(ctx context.Context, path string, file *held) (*watcher, error) {
	asking, err := openReaders(ctx, path, 1)
	if err != nil {
		return nil, err
	}
	return &watcher{asking, file.index(path)}, nil
}

// version is the version that the database has now: every commit that was there when this began is in it.
func (w *watcher) version(asking *conn) (version, error) {
	if w.index != nil {
		return w.index.version(), nil
	}
	var n int64
	err := w.stacks.run(func() (err error) {
		n, err = asking.dataVersion()
		return err
	})
	return counted(n), err
}

// close returns when nobody wants to know any more.
func (w *watcher) close() error { return errors.Join(w.readers.close(), w.index.close()) }
