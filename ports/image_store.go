package ports

import "context"

// ImageStore keeps the pictures of users.
//
// Its methods end when their context does, with ErrUnavailable; when the engine cannot answer, the error is
// ErrUnavailable wrapping the cause.
type ImageStore interface {
	// Put keeps the picture in data and answers a new reference to it: an absolute URL, or a path on this service.
	// The reference cannot be guessed. Only the picture is kept, not what else the bytes held. The error is
	// domain.CodeImageInvalid, naming field, for what is no PNG, JPEG, GIF or WebP by its content or has too many pixels,
	// and domain.Busy when too many wait for theirs to be taken; nothing is kept then.
	Put(ctx context.Context, field string, data []byte) (ref string, err error)

	// Delete removes a picture. A reference that is unknown, or that another store gave out, is no error.
	Delete(ctx context.Context, ref string) error
}
