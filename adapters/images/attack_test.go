package images

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/gif"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// smuggled is what somebody tries to get past: a script, for a browser that takes the file for a page.
const smuggled = "<script>alert(document.domain)</script>"

// pngChunk is a chunk with its checksum.
func pngChunk(kind, data string) string {
	body := kind + data
	return number(len(data)) + body + number(int(crc32.ChecksumIEEE([]byte(body))))
}

func number(n int) string { return string(binary.BigEndian.AppendUint32(nil, uint32(n))) }

// segment is a segment of a JPEG.
func segment(marker byte, data string) string {
	return string(binary.BigEndian.AppendUint16([]byte{0xFF, marker}, uint16(len(data)+2))) + data
}

// riff is a WebP of these chunks.
func riff(chunks ...string) string {
	return "RIFF" + little(len("WEBP")+len(strings.Join(chunks, ""))) + "WEBP" + strings.Join(chunks, "")
}

func riffChunk(kind, data string) string {
	return kind + little(len(data)) + data + strings.Repeat("\x00", len(data)%2)
}

func little(n int) string { return string(binary.LittleEndian.AppendUint32(nil, uint32(n))) }

// vp8x is the header of an extended WebP.
func vp8x(flags byte, width, height int) string {
	return riffChunk("VP8X", string([]byte{flags})+"\x00\x00\x00"+little(width - 1)[:3]+little(height - 1)[:3])
}

// insert puts more into a file, at some place.
func insert(data []byte, at int, more ...string) []byte {
	return slices.Concat(data[:at], []byte(strings.Join(more, "")), data[at:])
}

// TestPictureKeepsNothingBeside: of pieces that formats allow beside the picture none is kept, nor is a second picture.
// Lost would be where its owner lives, or, to a page in disguise, their account.
func TestPictureKeepsNothingBeside(t *testing.T) {
	const pngHeader, pngEnd, jpegStart, gifHeader = 33, 12, 2, 13
	jpegFile, gifFile := encodeAs(t, "jpeg"), encodeAs(t, "gif")
	still := string(lossyWebP[12:])
	control := number(0) + number(9) + number(7) + number(0) + number(0) + "\x00\x01\x00\x01\x00\x00"
	frames := pngChunk("acTL", number(2)+number(0)) + pngChunk("fcTL", control)
	for name, data := range map[string][]byte{
		"PNG: a profile":              insert(somePNG, pngHeader, pngChunk("iCCP", "x\x00\x00"+smuggled)),
		"PNG: texts":                  insert(somePNG, pngHeader, pngChunk("zTXt", "x\x00\x00"+smuggled), pngChunk("iTXt", "x\x00\x00\x00\x00\x00"+smuggled)),
		"PNG: a chunk of nobody's":    insert(somePNG, len(somePNG)-pngEnd, pngChunk("scRp", smuggled)),
		"PNG: an animation":           insert(insert(somePNG, len(somePNG)-pngEnd, pngChunk("fdAT", number(1)+smuggled)), pngHeader, frames),
		"PNG: a page behind":          append(bytes.Clone(somePNG), smuggled...),
		"JPEG: a profile":             insert(jpegFile, jpegStart, segment(0xE2, "ICC_PROFILE\x00\x01\x01"+smuggled)),
		"JPEG: XMP":                   insert(jpegFile, jpegStart, segment(0xE1, "http://ns.adobe.com/xap/1.0/\x00"+smuggled)),
		"JPEG: every application's":   insert(jpegFile, jpegStart, segment(0xE0, smuggled), segment(0xED, smuggled), segment(0xEF, smuggled)),
		"JPEG: a comment":             insert(jpegFile, jpegStart, segment(0xFE, smuggled)),
		"JPEG: a second picture":      slices.Concat(jpegFile, jpegFile, []byte(smuggled)),
		"GIF: an application's block": insert(gifFile, gifHeader+colorTableBytes(gifFile[10]), "\x21\xFF\x0BXMP DataXMP"+string(rune(len(smuggled)))+smuggled+"\x00"),
		"GIF: as of 1987":             slices.Concat([]byte("GIF87a"), gifFile[6:]), // encoded anew, it is of 1989
		"GIF: a comment":              insert(gifFile, len(gifFile)-1, "\x21\xFE"+string(rune(len(smuggled)))+smuggled+"\x00"),
		"GIF: a page behind":          append(bytes.Clone(gifFile), smuggled...),
		"WebP: a profile":             []byte(riff(vp8x(0x20, 1, 1), riffChunk("ICCP", smuggled), still)),
		"WebP: a page behind":         append(bytes.Clone(lossyWebP), smuggled...),
	} {
		p, err := purify(t.Context(), data)
		if err != nil {
			t.Errorf("%s: refused: %v", name, err)
			continue
		}
		if err := bare(p); err != nil || bytes.Contains(p.data, []byte("script")) {
			t.Errorf("%s: something is kept beside the picture: %v", name, err)
		}
	}
}

// TestBombsCostNothing: small files that claim to be enormous, each in another place, are refused before memory is taken.
func TestBombsCostNothing(t *testing.T) {
	const huge = "\xFF\xFF"
	screen := "GIF89a\x01\x00\x01\x00\x00\x00\x00"
	frame := "\x2C\x00\x00\x00\x00" + huge + huge + "\x00\x02\x02\x4C\x01\x00"
	side := number(60_000)
	for name, data := range map[string]string{
		"PNG":                           "\x89PNG\r\n\x1a\n" + pngChunk("IHDR", side+side+"\x10\x06\x00\x00\x00"),
		"PNG, one row":                  "\x89PNG\r\n\x1a\n" + pngChunk("IHDR", number(1<<30)+number(1)+"\x01\x00\x00\x00\x00"),
		"JPEG":                          "\xFF\xD8" + segment(0xC0, "\x08"+huge+huge+"\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"),
		"JPEG, progressive, CMYK":       "\xFF\xD8" + segment(0xC2, "\x08"+huge+huge+"\x04\x01\x11\x00\x02\x11\x00\x03\x11\x00\x04\x11\x00"),
		"GIF, by its screen":            "GIF89a" + huge + huge + "\x00\x00\x00" + frame + "\x3B",
		"GIF, by a frame":               screen + frame + "\x3B",
		"GIF, by many frames":           screen + strings.Repeat("\x2C\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x4C\x01\x00", maxFrames+1) + "\x3B",
		"WebP, lossy":                   riff(riffChunk("VP8 ", "\x10\x00\x00\x9d\x01\x2a\xFF\x3F\xFF\x3F")),
		"WebP, lossless":                riff(riffChunk("VP8L", "\x2F\xFF\xFF\xFF\x0F")),
		"WebP, by its canvas":           riff(vp8x(0x10, 1<<15, 1<<15), riffChunk("ALPH", "\x00")),
		"WebP, past its canvas":         riff(vp8x(0, 1, 1), riffChunk("VP8L", "\x2F\xFF\xFF\xFF\x0F")),
		"WebP, past its canvas, lossy":  riff(vp8x(0, 1, 1), riffChunk("VP8 ", "\x10\x00\x00\x9d\x01\x2a\xFF\x3F\xFF\x3F")),
		"WebP, an animation":            riff(vp8x(0x02, 100, 100), riffChunk("ANIM", "\x00\x00\x00\x00\x00\x00"), riffChunk("ANMF", strings.Repeat("\xFF", 24))),
		"PNG, its profile":              "\x89PNG\r\n\x1a\n" + pngChunk("IHDR", number(1)+number(1)+"\x08\x00\x00\x00\x00") + "\x7F\xFF\xFF\xFFiCCP",
		"JPEG, EXIF that goes in rings": "\xFF\xD8" + segment(0xE1, "Exif\x00\x00MM\x00*\x00\x00\x00\x08"+"\x00\x01\x87\x69\x00\x04\x00\x00\x00\x01\x00\x00\x00\x08"+"\x00\x00\x00\x08") + "\xFF\xD9",
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		p, err := purify(t.Context(), []byte(data))
		runtime.ReadMemStats(&after)
		if taken := after.TotalAlloc - before.TotalAlloc; err == nil || taken > 1<<20 {
			t.Errorf("%s: %d bytes became %d, and took %d on the way: %v", name, len(data), len(p.data), taken, err)
		}
	}
}

// TestExifThatGoesInRings: a camera's notes that lead to themselves neither keep the processor nor turn the picture.
func TestExifThatGoesInRings(t *testing.T) {
	for name, entry := range map[string]string{
		"directory after itself": "\x00\x00\x00\x00\x00\x08",
		"directory in itself":    "\x00\x01\x87\x69\x00\x04\x00\x00\x00\x01\x00\x00\x00\x08\x00\x00\x00\x08",
		"endless values":         "\x00\x01\x01\x12\x00\x03\xFF\xFF\xFF\xFF\x00\x00\x00\x08\x00\x00\x00\x00",
		"many entries":           "\xFF\xFF" + strings.Repeat("\x01\x13\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00", 4000),
	} {
		data := insert(encodeAs(t, "jpeg"), 2, segment(0xE1, "Exif\x00\x00MM\x00*\x00\x00\x00\x08"+entry))
		p, err := purify(t.Context(), data)
		if err != nil {
			t.Errorf("%s: refused: %v", name, err)
			continue
		}
		if is, _, err := image.DecodeConfig(bytes.NewReader(p.data)); err != nil || is.Width != 9 || is.Height != 7 {
			t.Errorf("%s: became %d×%d, %v", name, is.Width, is.Height, err)
		}
	}
}

// TestFilmsAreCutToTheirFrames: a GIF has exactly as many frames as were counted, whatever its blocks pretend.
func TestFilmsAreCutToTheirFrames(t *testing.T) {
	file := encodeAs(t, "gif")
	header := gifHeaderBytes + colorTableBytes(file[10])
	twice := slices.Concat(file[:len(file)-1], file[header:len(file)-1], []byte{gifTrailer}, file[header:])
	p, err := purify(t.Context(), twice)
	if err != nil {
		t.Fatal(err)
	}
	film, err := gif.DecodeAll(bytes.NewReader(p.data))
	if err != nil || len(film.Image) != 2 {
		t.Errorf("%d frames, %v; want the two before the end", len(film.Image), err)
	}
	if _, err := purify(t.Context(), file[:len(file)-1]); !errors.Is(err, errDamaged) {
		t.Errorf("without an end: %v", err)
	}
}

// TestFilmsHideNoFrames: the decoder takes a text block for 13 bytes long, whatever length it says, and finds the frames
// behind; who goes by the length does not, and would let through any number of them.
func TestFilmsHideNoFrames(t *testing.T) {
	file := encodeAs(t, "gif")
	header := gifHeaderBytes + colorTableBytes(file[10])
	frame := string(file[header : len(file)-1])
	const length = 0xF0
	hidden := strings.Repeat("\x00", 12+1) + frame + frame + "\x21\xFE"
	rest := length - len(hidden) - 1
	data := insert(file, header, "\x21\x01", string([]byte{length}), hidden, string([]byte{byte(rest)}), strings.Repeat("x", rest), "\x00")
	if film, err := gif.DecodeAll(bytes.NewReader(data)); err != nil || len(film.Image) != 3 {
		t.Fatalf("the test is at fault: %v", err)
	}
	p, err := purify(t.Context(), data)
	if err != nil {
		return // refused
	}
	if film, err := gif.DecodeAll(bytes.NewReader(p.data)); err != nil || len(film.Image) != 1 {
		t.Errorf("%d frames, of which one was counted, %v", len(film.Image), err)
	}
}

// TestPagesAreServedAsPictures: what a file is served as is told by its name, which was made here, and never by its bytes,
// which are somebody's: pixels may spell anything.
func TestPagesAreServedAsPictures(t *testing.T) {
	dir := t.TempDir()
	disk := openDisk(t, dir)
	const name = "PPPPPPPPPPPPPPPPPPPPPPPPPP.png"
	if err := os.WriteFile(filepath.Join(dir, name), []byte("<!doctype html>"+smuggled), 0o600); err != nil {
		t.Fatal(err)
	}
	resp := get(disk, http.MethodGet, diskPath+name)
	if resp.Header.Get("Content-Type") != "image/png" || resp.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("served as %v", resp.Header)
	}
}
