package images

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"net/url"
	"testing"

	"github.com/latchkey-auth/latchkey/ports"
)

// somePicture is small, and has every color of its palette.
var somePicture = func() *image.Paletted {
	img := image.NewPaletted(image.Rect(0, 0, 9, 7), color.Palette{color.Black, color.White, color.RGBA{200, 30, 60, 255}})
	for i := range img.Pix {
		img.Pix[i] = uint8(i % 3)
	}
	return img
}()

var somePNG = func() []byte {
	var out bytes.Buffer
	if err := png.Encode(&out, somePicture); err != nil {
		panic(err)
	}
	return out.Bytes()
}()

func encodeAs(t *testing.T, format string) []byte {
	t.Helper()
	var out bytes.Buffer
	err := errors.New("no such format")
	switch format {
	case "jpeg":
		err = jpeg.Encode(&out, somePicture, nil)
	case "gif":
		err = gif.Encode(&out, somePicture, nil)
	case "png":
		err = png.Encode(&out, somePicture)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// parsePath takes a path as it arrives, however odd.
func parsePath(path string) *url.URL { return &url.URL{Path: path} }

func body(t *testing.T, resp *http.Response) []byte {
	t.Helper()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func unavailable(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, ports.ErrUnavailable) {
		t.Errorf("got the error %v, want ErrUnavailable", err)
	}
}
