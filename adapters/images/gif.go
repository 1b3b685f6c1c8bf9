package images

import (
	"bytes"
	"context"
	"encoding/binary"
	"image/gif"
	"io"
)

// maxFrames bounds what each frame costs beside its pixels.
const maxFrames = 2000

// purifyGIF keeps the animation.
func purifyGIF(ctx context.Context, data []byte) (picture, error) {
	counted, err := countFrames(data)
	if err != nil {
		return picture{}, err
	}
	animation, err := gif.DecodeAll(newInput(ctx, counted))
	if err != nil {
		return picture{}, errDamaged
	}
	return encode(ctx, ".gif", func(w io.Writer) error { return gif.EncodeAll(w, animation) })
}

// The blocks of a GIF (GIF89a, sections 17 to 27).
const (
	gifHeaderBytes = 13 // signature, version and logical screen descriptor
	gifFrameBytes  = 9  // image descriptor, without its separator
	gifExtension   = 0x21
	gifFrame       = 0x2C
	gifTrailer     = 0x3B
)

// countFrames adds up the frames' pixels before anything is decoded, since the decoder holds all frames at once.
// It answers the GIF without the blocks that say nothing about the picture: two readers may disagree where those end,
// and a frame that was not counted must not be decoded.
func countFrames(data []byte) ([]byte, error) {
	w := gifWalker{data: data}
	if header := w.next(gifHeaderBytes); header != nil {
		w.next(colorTableBytes(header[10]))
	}
	counted := bytes.Clone(data[:w.at])
	var frames, pixels int64
	for {
		began, keep := w.at, true
		switch w.nextByte() {
		case gifTrailer:
			return append(counted, gifTrailer), nil
		case gifExtension:
			w.nextByte() // its label
			w.skipSubBlocks()
			keep = animates(data[began:w.at])
		case gifFrame:
			frames++
			pixels += w.skipFrame()
		default:
			return nil, errDamaged
		}
		if frames > maxFrames || pixels > maxPixels {
			return nil, errTooLarge
		}
		if keep {
			counted = append(counted, data[began:w.at]...)
		}
	}
}

// animates reports whether an extension is a whole graphic control (how a frame is shown) or a whole loop count.
func animates(extension []byte) bool {
	return len(extension) == 8 && bytes.HasPrefix(extension[1:], []byte("\xF9\x04")) ||
		len(extension) == 19 && bytes.HasPrefix(extension[1:], []byte("\xFF\x0BNETSCAPE2.0\x03\x01"))
}

// colorTableBytes is the size of the color table that follows a descriptor with these flags.
func colorTableBytes(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// gifWalker walks over a GIF. Where it would pass the end it stays there, so that what follows is no block either.
type gifWalker struct {
	data []byte
	at   int
}

// next is the next n bytes, or nil where there are not so many.
func (w *gifWalker) next(n int) []byte {
	from := w.at
	w.at = min(from+n, len(w.data))
	if w.at-from < n {
		return nil
	}
	return w.data[from:w.at]
}

// nextByte is the next byte, zero at the end.
func (w *gifWalker) nextByte() byte {
	if b := w.next(1); b != nil {
		return b[0]
	}
	return 0
}

// skipFrame answers how many pixels the frame has.
func (w *gifWalker) skipFrame() int64 {
	frame := w.next(gifFrameBytes)
	if frame == nil {
		return 0
	}
	w.next(colorTableBytes(frame[8]))
	w.nextByte() // the code size
	w.skipSubBlocks()
	return int64(binary.LittleEndian.Uint16(frame[4:])) * int64(binary.LittleEndian.Uint16(frame[6:]))
}

// skipSubBlocks skips a chain of sub-blocks: each has its length in front, and the last has none.
func (w *gifWalker) skipSubBlocks() {
	for length := w.nextByte(); length > 0; length = w.nextByte() {
		w.next(int(length))
	}
}
