package images

import (
	"bytes"
	"context"
	"errors"
	"io"
)

// maxPictureBytes bounds what is kept of a picture. Noise that was drawn to compress badly would fill the disk.
const maxPictureBytes = 10 << 20

var errTooDetailed = errors.New("is too detailed: it would take more than 10 MiB")

// input is a file that ends early when nobody waits for the picture any more: a decoder itself cannot be told.
type input struct {
	ctx  context.Context
	file io.Reader
}

func newInput(ctx context.Context, data []byte) input { return input{ctx, bytes.NewReader(data)} }

// Read implements io.Reader.
func (in input) Read(p []byte) (int, error) {
	if err := in.ctx.Err(); err != nil {
		return 0, err
	}
	return in.file.Read(p)
}

// output takes up to maxPictureBytes, and nothing once nobody waits for the picture any more.
type output struct {
	ctx  context.Context
	file bytes.Buffer
}

// Write implements io.Writer.
func (out *output) Write(p []byte) (int, error) {
	if err := out.ctx.Err(); err != nil {
		return 0, err
	}
	if out.file.Len()+len(p) > maxPictureBytes {
		return 0, errTooDetailed
	}
	return out.file.Write(p)
}

// encode is the one way in which a picture is made.
func encode(ctx context.Context, extension string, write func(io.Writer) error) (picture, error) {
	out := output{ctx: ctx}
	switch err := write(&out); {
	case errors.Is(err, errTooDetailed):
		return picture{}, errTooDetailed
	case err != nil:
		return picture{}, errDamaged
	}
	return picture{out.file.Bytes(), extension}, nil
}
