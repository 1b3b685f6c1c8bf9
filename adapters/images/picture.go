// Package images keeps the pictures of users, on disk or at Cloudinary. Whatever comes in is decoded within bounds and
// encoded anew, so that nothing but the picture survives: no metadata, no trailing bytes, no second face for a browser.
package images

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"runtime"

	_ "golang.org/x/image/webp" // registers the format

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

const (
	// maxPixels bounds a picture, all frames of an animation together. A camera's 24 megapixels pass; decoding
	// them takes some 500 MiB at worst, a progressive JPEG's coefficients.
	maxPixels = 25_000_000
	// jpegQuality is near the point from which on nobody sees a difference.
	jpegQuality = 90
)

// picture is a picture and nothing else.
type picture struct {
	data      []byte
	extension string // with its dot
}

// decoder makes pictures of what clients send, only so many at once, since each may take much memory.
type decoder struct{ turns chan struct{} }

// newDecoder leaves half of the processors to the other routes.
func newDecoder() decoder {
	return decoder{make(chan struct{}, min(4, max(1, runtime.GOMAXPROCS(0)/2)))}
}

// picture answers domain.ImageInvalid for what is none, or is too large.
func (d decoder) picture(ctx context.Context, field string, data []byte) (picture, error) {
	if ctx.Err() != nil {
		return picture{}, ports.Unavailable(ctx.Err())
	}
	select {
	case d.turns <- struct{}{}:
		defer func() { <-d.turns }()
	case <-ctx.Done():
		return picture{}, ports.Unavailable(ctx.Err())
	}
	p, err := purify(data)
	if err != nil {
		return picture{}, domain.ImageInvalid(field, err.Error())
	}
	if ctx.Err() != nil {
		return picture{}, ports.Unavailable(ctx.Err())
	}
	return p, nil
}

// What a client is told, and nothing of the decoders' inside.
var (
	errNoPicture = errors.New("must be a PNG, JPEG, GIF or WebP image")
	errDamaged   = errors.New("is damaged, or of a kind that cannot be read")
	errTooLarge  = fmt.Errorf("must have at most %d megapixels", maxPixels/1_000_000)
)

// purify recognises a picture by its content, looks at its size before anything else, and encodes it anew.
func purify(data []byte) (picture, error) {
	config, format, err := image.DecodeConfig(bytes.NewReader(data))
	if errors.Is(err, image.ErrFormat) {
		return picture{}, errNoPicture
	}
	if err != nil {
		return picture{}, errDamaged
	}
	if err := bound(config.Width, config.Height); err != nil {
		return picture{}, err
	}
	switch format {
	case "gif":
		return purifyGIF(data)
	case "jpeg":
		return purifyJPEG(data)
	case "png", "webp":
		return purifyStill(data)
	}
	return picture{}, errNoPicture
}

// bound keeps the product from overflowing: both formats and int allow for far larger sides.
func bound(width, height int) error {
	if width <= 0 || height <= 0 {
		return errDamaged
	}
	if width > maxPixels/height {
		return errTooLarge
	}
	return nil
}

// purifyStill makes a PNG of a PNG or a WebP. A lossy WebP without transparency is YCbCr, as a JPEG is, and becomes one:
// as a PNG it would have ten times its size.
func purifyStill(data []byte) (picture, error) {
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return picture{}, errDamaged
	}
	if lossy, ok := img.(*image.YCbCr); ok {
		return encodeJPEG(lossy)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return picture{}, errDamaged
	}
	return picture{out.Bytes(), ".png"}, nil
}

func encodeJPEG(img image.Image) (picture, error) {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: jpegQuality}); err != nil {
		return picture{}, errDamaged
	}
	return picture{out.Bytes(), ".jpg"}, nil
}

// newName has 130 random bits, so knowing one picture's address helps nobody to find another's.
func newName() string { return rand.Text() }

// nameForm is what newName makes, as a regular expression.
const nameForm = `[A-Z2-7]{26}`
