package images

import (
	"bytes"
	"context"
	"image"
	"image/draw"
	"image/jpeg"

	"github.com/bep/imagemeta"
)

// maxScans bounds the passes of a progressive JPEG. Cameras and encoders make about ten; each may go over all blocks for
// a few bytes of file, so that thousands of them would keep a processor busy for minutes.
const maxScans = 100

// startOfScan is the marker of a scan. Other bytes may happen to look like it, a hundred times only by intent.
var startOfScan = []byte{0xFF, 0xDA}

// purifyJPEG turns the picture as its EXIF orientation says, which is lost with the rest of the metadata.
func purifyJPEG(ctx context.Context, data []byte) (picture, error) {
	if bytes.Count(data, startOfScan) > maxScans {
		return picture{}, errDamaged
	}
	img, err := jpeg.Decode(newInput(ctx, data))
	if err != nil {
		return picture{}, errDamaged
	}
	return encodeJPEG(ctx, upright(img, orientation(data)))
}

// orientation is the EXIF tag of that name, from 1 to 8. Where it is missing or unreadable, the picture is upright.
func orientation(data []byte) int {
	const upright = 1
	found := upright
	_, err := imagemeta.Decode(imagemeta.Options{
		R:           bytes.NewReader(data),
		ImageFormat: imagemeta.JPEG,
		Sources:     imagemeta.EXIF,
		ShouldHandleTag: func(tag imagemeta.TagInfo) bool {
			return tag.Namespace == "IFD0" && tag.Tag == "Orientation"
		},
		HandleTag: func(tag imagemeta.TagInfo) error {
			if value, ok := tag.Value.(uint16); ok && value <= 8 {
				found = max(upright, int(value))
			}
			return imagemeta.ErrStopWalking
		},
	})
	if err != nil {
		return upright
	}
	return found
}

// upright turns and mirrors a picture back. An orientation says where the stored first row and first column are to be
// shown (EXIF 3.0, section 4.6.5.1.3, tag 274).
func upright(img image.Image, orientation int) image.Image {
	if orientation == 1 {
		return img
	}
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	src := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(src, src.Bounds(), img, b.Min, draw.Src)

	shown := image.Rect(0, 0, w, h)
	if orientation >= 5 { // rows become columns
		shown = image.Rect(0, 0, h, w)
	}
	dst := image.NewRGBA(shown)
	for y := range shown.Dy() {
		for x := range shown.Dx() {
			sx, sy := x, y
			switch orientation {
			case 2:
				sx = w - 1 - x
			case 3:
				sx, sy = w-1-x, h-1-y
			case 4:
				sy = h - 1 - y
			case 5:
				sx, sy = y, x
			case 6:
				sx, sy = y, h-1-x
			case 7:
				sx, sy = w-1-y, h-1-x
			case 8:
				sx, sy = w-1-y, x
			}
			dst.SetRGBA(x, y, src.RGBAAt(sx, sy))
		}
	}
	return dst
}
