package images

import (
	"bytes"
	"encoding/base64"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"slices"
	"testing"

	"golang.org/x/image/webp"

	"github.com/latchkey-auth/latchkey/domain"
)

// lossyWebP is a single pixel.
var lossyWebP = func() []byte {
	data, err := base64.StdEncoding.DecodeString("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
	if err != nil {
		panic(err)
	}
	return data
}()

// losslessWebP is a single transparent pixel.
var losslessWebP = func() []byte {
	data, err := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	if err != nil {
		panic(err)
	}
	return data
}()

func TestPictureTakesTheFormatThatSuitsIt(t *testing.T) {
	for name, test := range map[string]struct {
		data   []byte
		want   string
		decode func([]byte) error
	}{
		"PNG":           {somePNG, ".png", decodable(png.Decode)},
		"JPEG":          {encodeAs(t, "jpeg"), ".jpg", decodable(jpeg.Decode)},
		"GIF":           {encodeAs(t, "gif"), ".gif", decodable(gif.Decode)},
		"lossless WebP": {losslessWebP, ".png", decodable(png.Decode)},
		"lossy WebP":    {lossyWebP, ".jpg", decodable(jpeg.Decode)},
	} {
		p, err := purify(t.Context(), test.data)
		if err != nil || p.extension != test.want {
			t.Errorf("%s: became %q, %v, want %q", name, p.extension, err, test.want)
			continue
		}
		if err := test.decode(p.data); err != nil {
			t.Errorf("%s: is no %s: %v", name, p.extension, err)
		}
	}
	if _, err := webp.Decode(bytes.NewReader(lossyWebP)); err != nil {
		t.Errorf("the test is at fault: %v", err)
	}
}

func decodable(decode func(io.Reader) (image.Image, error)) func([]byte) error {
	return func(data []byte) error {
		_, err := decode(bytes.NewReader(data))
		return err
	}
}

// Two bytes a channel become one, which is what screens show.
func TestPictureKeepsItsColors(t *testing.T) {
	area := image.Rect(0, 0, 3, 2)
	translucent, opaque, gray := image.NewNRGBA64(area), image.NewRGBA64(area), image.NewGray16(area)
	translucent.SetNRGBA64(1, 1, color.NRGBA64{0x1234, 0x5678, 0x9ABC, 0xDEF0})
	draw.Draw(opaque, area, image.Black, image.Point{}, draw.Src)
	opaque.SetRGBA64(1, 1, color.RGBA64{0x1234, 0x5678, 0x9ABC, 0xFFFF})
	gray.SetGray16(1, 1, color.Gray16{0x1234})
	for want, deep := range map[color.Color]image.Image{
		color.NRGBA{0x12, 0x56, 0x9A, 0xDE}: translucent, color.RGBA{0x12, 0x56, 0x9A, 0xFF}: opaque, color.Gray{0x12}: gray,
	} {
		var file bytes.Buffer
		if err := png.Encode(&file, deep); err != nil {
			t.Fatal(err)
		}
		p, err := purify(t.Context(), file.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(p.data))
		if err != nil || img.At(1, 1) != want {
			t.Errorf("got %v, %v, want %v", img, err, want)
		}
	}
}

func TestPictureKeepsTheAnimation(t *testing.T) {
	second := image.NewPaletted(image.Rect(2, 1, 6, 5), color.Palette{color.Transparent, color.RGBA{1, 2, 3, 255}})
	second.SetColorIndex(3, 3, 1)
	film := &gif.GIF{
		Image: []*image.Paletted{somePicture, second, somePicture}, Delay: []int{10, 20, 30}, LoopCount: 7,
		Disposal: []byte{gif.DisposalNone, gif.DisposalBackground, gif.DisposalPrevious},
		Config:   image.Config{ColorModel: somePicture.Palette, Width: 9, Height: 7}, BackgroundIndex: 2,
	}
	var file bytes.Buffer
	if err := gif.EncodeAll(&file, film); err != nil {
		t.Fatal(err)
	}
	p, err := purify(t.Context(), file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	got, err := gif.DecodeAll(bytes.NewReader(p.data))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.Delay, film.Delay) || !slices.Equal(got.Disposal, film.Disposal) || got.LoopCount != 7 || got.BackgroundIndex != 2 {
		t.Errorf("got %v %v %d %d", got.Delay, got.Disposal, got.LoopCount, got.BackgroundIndex)
	}
	for i, frame := range got.Image {
		if frame.Rect != film.Image[i].Rect || !bytes.Equal(frame.Pix, film.Image[i].Pix) {
			t.Errorf("frame %d has changed", i)
		}
	}
}

// Two readers may disagree about where these blocks end: what they hide must not be decoded uncounted.
func TestPictureCountsFramesThatBlocksHide(t *testing.T) {
	file := encodeAs(t, "gif")
	header := gifHeaderBytes + colorTableBytes(file[10])
	frame := file[header : len(file)-1]
	for name, hiding := range map[string]string{
		"a text block of another length":   "\x21\x01\xF0" + string(make([]byte, 12)),
		"an application without a name":    "\x21\xFF\x00",
		"an application with a short name": "\x21\xFF\x01A\x00",
	} {
		data := slices.Concat(file[:header], []byte(hiding), bytes.Repeat(frame, 3), []byte{gifTrailer})
		counted, err := countFrames(data)
		if err != nil {
			continue // refused
		}
		all, err := gif.DecodeAll(bytes.NewReader(counted))
		if err != nil {
			continue
		}
		if n := bytes.Count(counted, frame); n != len(all.Image) || bytes.Contains(counted, []byte(hiding)) {
			t.Errorf("%s: %d frames were counted and %d decoded", name, n, len(all.Image))
		}
	}
}

func TestPictureBoundsFrames(t *testing.T) {
	file := encodeAs(t, "gif")
	header := gifHeaderBytes + colorTableBytes(file[10])
	film := func(frames int) []byte {
		return slices.Concat(file[:header], bytes.Repeat(file[header:len(file)-1], frames), []byte{gifTrailer})
	}
	if _, err := purify(t.Context(), film(maxFrames)); err != nil {
		t.Errorf("%d frames: %v", maxFrames, err)
	}
	if _, err := purify(t.Context(), film(maxFrames+1)); !errors.Is(err, errTooLarge) {
		t.Errorf("one frame more: got %v, want %v", err, errTooLarge)
	}
}

func TestPictureBoundsThePixelsOfAllFrames(t *testing.T) {
	film := func(frames int) []byte {
		blank := image.NewPaletted(image.Rect(0, 0, 1000, maxPixels/25/1000), somePicture.Palette)
		var file bytes.Buffer
		err := gif.EncodeAll(&file, &gif.GIF{Image: slices.Repeat([]*image.Paletted{blank}, frames), Delay: make([]int, frames)})
		if err != nil {
			t.Fatal(err)
		}
		return file.Bytes()
	}
	if _, err := countFrames(film(25)); err != nil {
		t.Errorf("as many as are allowed: %v", err)
	}
	if _, err := purify(t.Context(), film(26)); !errors.Is(err, errTooLarge) {
		t.Errorf("one frame more: got %v, want %v", err, errTooLarge)
	}
}

// The scan is there a hundred times: each pass over the blocks is work, and takes few bytes.
func TestPictureBoundsScans(t *testing.T) {
	file := encodeAs(t, "jpeg")
	scan := bytes.Index(file, startOfScan)
	repeated := func(n int) []byte {
		return slices.Concat(file[:scan], bytes.Repeat(file[scan:len(file)-2], n), file[len(file)-2:])
	}
	if _, err := purify(t.Context(), repeated(maxScans)); err != nil {
		t.Errorf("%d scans: %v", maxScans, err)
	}
	if _, err := purify(t.Context(), repeated(maxScans+1)); !errors.Is(err, errDamaged) {
		t.Errorf("one scan more: got %v, want %v", err, errDamaged)
	}
}

func TestOrientationIsUprightUnlessItIsKnown(t *testing.T) {
	const before, after = "\xff\xd8\xff\xe1\x00\x22Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00", "\x00\x00\x00\x00\x00\x00\xff\xd9"
	for stored, want := range map[byte]int{0: 1, 1: 1, 6: 6, 8: 8, 9: 1, 255: 1} {
		if got := orientation([]byte(before + string([]byte{stored}) + after)); got != want {
			t.Errorf("%d: got %d, want %d", stored, got, want)
		}
	}
	if got := orientation([]byte(before)); got != 1 {
		t.Errorf("half the tag: got %d, want 1", got)
	}
}

func TestBound(t *testing.T) {
	for _, test := range []struct {
		width, height int
		model         color.Model
		want          error
	}{
		{1, 1, color.RGBAModel, nil}, {4080, 3072, color.YCbCrModel, nil}, {5000, 5000, color.RGBAModel, errTooLarge},
		{maxPixels, 1, color.GrayModel, nil}, {1, maxPixels, color.NRGBAModel, nil}, {maxPixels, 1, color.Palette{color.Black}, nil},
		{maxPixels + 1, 1, color.GrayModel, errTooLarge}, {1, maxPixels + 1, color.YCbCrModel, errTooLarge},
		{maxPixels / 2, 1, color.RGBA64Model, nil}, {maxPixels/2 + 1, 1, color.RGBA64Model, errTooLarge},
		{maxPixels/2 + 1, 1, color.CMYKModel, errTooLarge}, {maxPixels / 2, 1, color.CMYKModel, nil},
		{maxPixels/2 + 1, 1, color.NRGBA64Model, errTooLarge}, {maxPixels/2 + 1, 1, color.Gray16Model, errTooLarge},
		{1 << 31, 1 << 31, color.RGBAModel, errTooLarge}, {1 << 32, 1 << 32, color.RGBAModel, errTooLarge},
		{0, 1, color.RGBAModel, errDamaged}, {1, 0, color.RGBAModel, errDamaged}, {-1, -1, color.RGBAModel, errDamaged},
	} {
		if err := bound(image.Config{ColorModel: test.model, Width: test.width, Height: test.height}); !errors.Is(err, test.want) {
			t.Errorf("%d×%d: got %v, want %v", test.width, test.height, err, test.want)
		}
	}
}

func TestPictureSaysWhatIsWrong(t *testing.T) {
	for name, test := range map[string]struct {
		data []byte
		want error
	}{
		"no picture":   {[]byte("text"), errNoPicture},
		"half of one":  {somePNG[:len(somePNG)/2], errDamaged},
		"half a frame": {encodeAs(t, "gif")[:30], errDamaged},
	} {
		_, err := newDecoder().picture(t.Context(), "avatar", test.data)
		e, ok := errors.AsType[*domain.Error](err)
		if !ok || e.Code != domain.CodeImageInvalid || e.Fields[0] != (domain.FieldError{Field: "avatar", Message: test.want.Error()}) {
			t.Errorf("%s: got %v, want %v", name, err, test.want)
		}
	}
}

func BenchmarkPurify(b *testing.B) {
	photo := image.NewYCbCr(image.Rect(0, 0, 1024, 1024), image.YCbCrSubsampleRatio420)
	for i := range photo.Y {
		photo.Y[i] = byte(i*i>>7 ^ i)
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, photo, nil); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := purify(b.Context(), file.Bytes()); err != nil {
			b.Fatal(err)
		}
	}
}
