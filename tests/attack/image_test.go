package attack_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// imageLaden is a photograph as telephones make it, with what its owner does not know of: where it was taken, and, since
// somebody sent it to them, a page in the place of a comment and behind its end.
func imageLaden() []byte {
	var photo bytes.Buffer
	_ = jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 16, 8)), nil) // into memory: cannot fail
	const exif = "\xFF\xE1\x00\x1DExif\x00\x00GPS 52.5200N 13.4050E"
	const comment = "\xFF\xFE\x00\x1B<script>alert(1)</script>"
	return slices.Concat(photo.Bytes()[:2], []byte(exif+comment), photo.Bytes()[2:], []byte("PK\x03\x04<script>alert(1)</script>"))
}

// TestImagesTellNothing: by whatever way a picture comes in. Lost would be where its owner lives, and, by a page that is
// served from the service's own origin, every account whose owner opens it.
func TestImagesTellNothing(t *testing.T) {
	h := httpOpen(t)
	var seen []string
	for _, field := range []string{"avatar", "coverImage"} {
		path := map[string]string{"avatar": "/me/avatar", "coverImage": "/me/cover-image"}[field]
		for range 2 { // the same picture twice: its address must not be told by its bytes
			var user struct{ Avatar, CoverImage string }
			h.send(t, "PATCH", httpUsers+path, httpFile(field, "a.svg", imageLaden()), httpBearer(h.alice.access)).expect(t, 200, "").data(t, &user)
			address := map[string]string{"avatar": user.Avatar, "coverImage": user.CoverImage}[field]
			if slices.Contains(seen, address) {
				t.Errorf("%s is the address of two pictures", address)
			}
			seen = append(seen, address)
			imageBare(t, h, address)
		}
	}
	if left := h.ImagesLeft(t); left != 2 {
		t.Errorf("%d pictures are kept, want the newest of both", left)
	}
	for _, replaced := range []string{seen[0], seen[2]} {
		h.send(t, "GET", imagePath(t, replaced)).expect(t, 404, "not_found")
	}
}

// imageBare checks that a picture is served as what it is, and holds nothing else.
func imageBare(t *testing.T, h httpTarget, address string) {
	t.Helper()
	a := h.send(t, "GET", imagePath(t, address)).expect(t, 200, "")
	if _, err := jpeg.Decode(bytes.NewReader(a.body)); err != nil || a.header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("%s is served as %s, %v", address, a.header.Get("Content-Type"), err)
	}
	for _, told := range []string{"GPS", "52.52", "Exif", "script", "PK\x03\x04"} {
		if bytes.Contains(a.body, []byte(told)) {
			t.Errorf("%s tells %q", address, told)
		}
	}
	if csp := a.header.Get("Content-Security-Policy"); !strings.Contains(csp, "sandbox") {
		t.Errorf("%s is served with the policy %q, in which a page would have the service's origin", address, csp)
	}
}

func imagePath(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	httpMust(t, err)
	return u.Path
}
