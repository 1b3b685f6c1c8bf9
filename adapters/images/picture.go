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
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"runtime"
	"time"

	_ "golang.org/x/image/webp" // registers the format

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

const (
	// maxPixels bounds a picture, all frames of an animation together. What a phone takes passes; decoding it takes
	// some 300 MiB at worst, a progressive JPEG's coefficients and what it takes to turn it.
	maxPixels = 13_000_000
	// jpegQuality is near the point from which on nobody sees a difference.
	jpegQuality = 90
	// maxWaiting is how many pictures may wait for their turn, each with its file in memory.
	maxWaiting = 128
	// busyWait is when somebody may have gone.
	busyWait = 2 * time.Second
)

// picture is a picture and nothing else.
type picture struct {
	data      []byte
	extension string // with its dot
}

// decoder makes pictures of what clients send, only so many at once, since each may take much memory.
type decoder struct {
	places chan struct{} // of those who decode, and of those who wait
	turns  chan struct{}
}

// newDecoder leaves half of the processors to the other routes.
func newDecoder() decoder {
	turns := min(4, max(1, runtime.GOMAXPROCS(0)/2))
	return decoder{make(chan struct{}, turns+maxWaiting), make(chan struct{}, turns)}
}

// picture answers domain.ImageInvalid for what is none, or is too large, and domain.Busy when too many wait.
func (d decoder) picture(ctx context.Context, field string, data []byte) (picture, error) {
	if ctx.Err() != nil {
		return picture{}, ports.Unavailable(ctx.Err())
	}
	select {
	case d.places <- struct{}{}:
		defer func() { <-d.places }()
	default:
		return picture{}, domain.Busy(busyWait)
	}
	select {
	case d.turns <- struct{}{}:
		defer func() { <-d.turns }()
	case <-ctx.Done():
		return picture{}, ports.Unavailable(ctx.Err())
	}
	p, err := purify(ctx, data)
	if ctx.Err() != nil {
		return picture{}, ports.Unavailable(ctx.Err())
	}
	if err != nil {
		return picture{}, domain.ImageInvalid(field, err.Error())
	}
	return p, nil
}

// What a client is told, and nothing of the decoders' inside.
var (
	errNoPicture = errors.New("must be a PNG, JPEG, GIF or WebP image")
	errDamaged   = errors.New("is damaged, or of a kind that cannot be read")
	errTooLarge  = fmt.Errorf("must have at most %d megapixels, and half of them with 16 bits a channel or in CMYK", maxPixels/1_000_000)
)

// purify recognises a picture by its content, looks at its size before anything else, and encodes it anew.
func purify(ctx context.Context, data []byte) (picture, error) {
	config, format, err := image.DecodeConfig(bytes.NewReader(data))
	if errors.Is(err, image.ErrFormat) {
		return picture{}, errNoPicture
	}
	if err != nil {
		return picture{}, errDamaged
	}
	if err := bound(config); err != nil {
		return picture{}, err
	}
	switch format {
	case "gif":
		return purifyGIF(ctx, data)
	case "jpeg":
		return purifyJPEG(ctx, data)
	case "png", "webp":
		return purifyStill(ctx, data)
	}
	return picture{}, errNoPicture
}

// bound keeps the product from overflowing: both formats and int allow for far larger sides.
func bound(config image.Config) error {
	if config.Width <= 0 || config.Height <= 0 {
		return errDamaged
	}
	if config.Width > maxPixels/depth(config.ColorModel)/config.Height {
		return errTooLarge
	}
	return nil
}

// depth is how much a pixel takes while it is decoded: twice as much with two bytes a channel, and in CMYK, which has a
// channel more and is copied to get it in.
func depth(model color.Model) int {
	switch model {
	case color.RGBA64Model, color.NRGBA64Model, color.Gray16Model, color.CMYKModel:
		return 2
	}
	return 1
}

// purifyStill makes a PNG of a PNG or a WebP. A lossy WebP without transparency is YCbCr, as a JPEG is, and becomes one:
// as a PNG it would have ten times its size.
func purifyStill(ctx context.Context, data []byte) (picture, error) {
	img, _, err := image.Decode(newInput(ctx, data))
	if err != nil {
		return picture{}, errDamaged
	}
	if lossy, ok := img.(*image.YCbCr); ok {
		return encodeJPEG(ctx, lossy)
	}
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	return encode(ctx, ".png", func(w io.Writer) error { return encoder.Encode(w, shallow(img)) })
}

// shallow drops the lower byte of each channel that has two: no screen shows it, and it would not compress.
func shallow(img image.Image) image.Image {
	switch deep := img.(type) {
	case *image.RGBA64:
		return &image.RGBA{Pix: upperBytes(deep.Pix), Stride: deep.Stride / 2, Rect: deep.Rect}
	case *image.NRGBA64:
		return &image.NRGBA{Pix: upperBytes(deep.Pix), Stride: deep.Stride / 2, Rect: deep.Rect}
	case *image.Gray16:
		return &image.Gray{Pix: upperBytes(deep.Pix), Stride: deep.Stride / 2, Rect: deep.Rect}
	}
	return img
}

func upperBytes(pix []byte) []byte {
	upper := make([]byte, len(pix)/2)
	for i := range upper {
		upper[i] = pix[2*i]
	}
	return upper
}

func encodeJPEG(ctx context.Context, img image.Image) (picture, error) {
	return encode(ctx, ".jpg", func(w io.Writer) error { return jpeg.Encode(w, img, &jpeg.Options{Quality: jpegQuality}) })
}

// newName has 130 random bits, so knowing one picture's address helps nobody to find another's.
func newName() string { return rand.Text() }

// nameForm is what newName makes, as a regular expression.
const nameForm = `[A-Z2-7]{26}`
