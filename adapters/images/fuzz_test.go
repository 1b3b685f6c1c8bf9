package images

import (
	"bytes"
	"errors"
	"image"
	"slices"
	"testing"
)

// FuzzPurify: whatever is uploaded is refused with a reason that tells nothing of the inside, or becomes a file that is
// nothing but a picture, is within the bounds, is of the size that was announced or that size turned, and is taken again.
func FuzzPurify(f *testing.F) {
	f.Add(somePNG)
	f.Add(lossyWebP)
	f.Add(losslessWebP)
	f.Fuzz(func(t *testing.T, data []byte) {
		was, _, err := image.DecodeConfig(bytes.NewReader(data))
		if err == nil && was.Width > 1<<16/max(1, was.Height) {
			return // within the bounds perhaps, but slow
		}
		p, err := purify(t.Context(), data)
		if err != nil {
			if !slices.ContainsFunc([]error{errNoPicture, errDamaged, errTooLarge, errTooDetailed}, func(told error) bool { return errors.Is(err, told) }) {
				t.Errorf("refused with %v", err)
			}
			return
		}
		if err := bare(p); err != nil || len(p.data) > maxPictureBytes {
			t.Errorf("became %d bytes of %s: %v", len(p.data), p.extension, err)
		}
		is, _, err := image.DecodeConfig(bytes.NewReader(p.data))
		if err != nil || bound(is) != nil || is.Width*is.Height != was.Width*was.Height || is.Width != was.Width && is.Width != was.Height {
			t.Errorf("%d×%d became %d×%d, %v", was.Width, was.Height, is.Width, is.Height, err)
		}
		again, err := purify(t.Context(), p.data)
		if err != nil || again.extension != p.extension {
			t.Errorf("%s became %s, %v", p.extension, again.extension, err)
		}
	})
}
