//go:build !unix

package sqlite

// held is nothing: locks stay whatever is closed.
type held struct{}

func holdFile(string) (*held, error) { return &held{}, nil }

func (*held) release() error { return nil }

// index is nil: SQLite is asked instead.
func (*held) index(string) *walIndex { return nil }

type walIndex struct{}

func (*walIndex) version() version { return version{} }

func (*walIndex) close() error { return nil }
