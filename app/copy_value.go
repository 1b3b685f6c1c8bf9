package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// target is a store that values of one kind are copied to.
type target[T any] struct {
	read   func(ctx context.Context, like T) (T, error)
	create func(ctx context.Context, value T) error
	update func(ctx context.Context, value, over T) error
	name   func(T) string
	newer  func(a, b T) bool
	over   func(T) bool // whether no store keeps the value any more
	encode func(T) []byte
}

// copy brings one value to the target, unless that is as far already, and compares what both hold then.
func (t target[T]) copy(ctx context.Context, from T, dryRun bool) (compared, error) {
	to, err := t.read(ctx, from)
	missing := errors.Is(err, ports.ErrNotFound)
	source := t.encode(from)
	switch {
	case err != nil && !missing:
		return compared{}, err
	case !missing && bytes.Equal(t.encode(to), source):
		return compared{same, source, source}, nil
	case !missing && t.newer(to, from):
		return compared{newer, nil, nil}, nil
	case dryRun:
		return compared{written, source, nil}, nil
	case missing:
		err = t.create(ctx, from)
	default:
		err = t.update(ctx, from, to)
	}
	if err != nil {
		return compared{}, err
	}
	to, err = t.read(ctx, from)
	if errors.Is(err, ports.ErrNotFound) && t.over(from) {
		return compared{count: gone}, nil // its time came while it was copied
	}
	return compared{written, source, t.encode(to)}, err
}

// compared is what became of one value, and what both sides hold then; nil is nothing.
type compared struct {
	count    func(*Copied)
	from, to []byte
}

func (c *Copied) add(one compared) {
	one.count(c)
	c.From.add(one.from)
	c.To.add(one.to)
}

func (c *Checksum) add(value []byte) {
	if value == nil {
		return
	}
	sum := sha256.Sum256(value)
	c.Count++
	c.Sum += binary.BigEndian.Uint64(sum[:])
}

func written(c *Copied) { c.Written++ }
func same(c *Copied)    { c.Same++ }
func newer(c *Copied)   { c.Newer++ }
func gone(*Copied)      {}

// encodeUser is everything of a user but the version, which is each store's own.
func encodeUser(u domain.User) []byte {
	return encode(u.ID, u.Username.String(), u.Email.String(), u.Fullname, u.PasswordHash.Reveal(), u.Avatar, u.CoverImage,
		u.CreatedAt.UnixMilli(), u.UpdatedAt.UnixMilli(), u.CredentialsVersion, u.CredentialsSession)
}

// encodeSession is everything of a session but the version.
func encodeSession(s domain.Session) []byte {
	return encode(s.ID, s.UserID, s.Generation, s.Seed[:], s.CreatedAt.UnixMilli(), s.RotatedAt.UnixMilli(),
		s.ExpiresAt.UnixMilli(), s.UserAgent, s.IP, s.CredentialsVersion, s.EndedAt.UnixMilli(), s.EndReason)
}

// encode writes fields apart from each other, whatever is in them.
func encode(fields ...any) []byte { return fmt.Appendf(nil, "%#v", fields) }
