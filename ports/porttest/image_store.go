package porttest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// TestImageStore proves an implementation of ports.ImageStore. Each call of open returns a new, empty store, and fetch,
// which answers what is kept under a reference, as a browser would get it; false where nothing is.
func TestImageStore(t *testing.T, open func(t *testing.T) (store ports.ImageStore, fetch func(ref string) ([]byte, bool))) {
	prove(t, func(t *testing.T) album {
		store, fetch := open(t)
		return album{store, fetch}
	}, imageThemes)
}

var imageThemes = []theme[album]{
	{"Put", []rule[album]{
		{"KeepsThePicture", putKeepsThePicture},
		{"KeepsItUpright", putKeepsItUpright},
		{"KeepsNothingButThePicture", putKeepsNothingElse},
		{"ReferenceIsAnAddress", putAnswersAnAddress},
		{"ReferenceCannotBeGuessed", putAnswersASecret},
		{"RefusesWhatIsNoPicture", putRefusesNone},
		{"RefusesADamagedPicture", putRefusesDamaged},
		{"RefusesTooManyPixels", putRefusesBombs},
		{"CopiesItsInput", putCopies},
	}},
	{"Delete", []rule[album]{
		{"RemovesThePictureAndNoOther", deleteRemoves},
		{"TwiceIsNoError", deleteTwice},
		{"OfAnUnknownReferenceIsNoError", deleteUnknown},
		{"OfAnotherStoresReferenceIsNoError", deleteForeign},
	}},
	{"Contexts", []rule[album]{
		{"PutEndsWithItsContext", putHonoursContext},
		{"DeleteEndsWithItsContext", deleteHonoursContext},
	}},
	{"Races", []rule[album]{
		{"ManyPicturesAtOnce", manyPicturesAtOnce},
		{"DeletedByMany", deletedByMany},
	}},
}

// album is the store under test, with the steps that rules are made of.
type album struct {
	ports.ImageStore
	fetch func(ref string) ([]byte, bool)
}

// The measures of the picture, no side a multiple of what formats work in.
const imageWidth, imageHeight = 52, 30

func (a album) put(t *testing.T, data []byte) (ref string) {
	t.Helper()
	ref, err := a.Put(t.Context(), "avatar", data)
	wantNoError(t, "Put", err)
	return ref
}

// putOne keeps some picture.
func (a album) putOne(t *testing.T) (ref string) {
	t.Helper()
	return a.put(t, imagePNG(imageUpright.draw(imageWidth, imageHeight)))
}

// wantUpright reports what is not the picture of these tests, as it is to be seen.
func (a album) wantUpright(t *testing.T, step, ref string) {
	t.Helper()
	data, ok := a.fetch(ref)
	if !ok {
		t.Errorf("%s: nothing is kept under %q", step, ref)
		return
	}
	img, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		t.Errorf("%s: what is kept is no picture: %v", step, err)
		return
	}
	if size := img.Bounds().Size(); size != image.Pt(imageWidth, imageHeight) {
		t.Errorf("%s: the picture has become %v", step, size)
		return
	}
	for i, want := range imageUpright {
		x, y := imageWidth/4+i%2*imageWidth/2, imageHeight/4+i/2*imageHeight/2
		if got := img.At(img.Bounds().Min.X+x, img.Bounds().Min.Y+y); !alike(got, want) {
			t.Errorf("%s: quarter %d of the picture is %v, want %v", step, i, got, want)
		}
	}
}

// alike allows for what a lossy format changes.
func alike(a, b color.Color) bool {
	const tolerance = 0x1800
	aR, aG, aB, aA := a.RGBA()
	bR, bG, bB, bA := b.RGBA()
	for _, pair := range [][2]uint32{{aR, bR}, {aG, bG}, {aB, bB}, {aA, bA}} {
		if max(pair[0], pair[1])-min(pair[0], pair[1]) > tolerance {
			return false
		}
	}
	return true
}

func (a album) wantGone(t *testing.T, step, ref string) {
	t.Helper()
	if data, ok := a.fetch(ref); ok {
		t.Errorf("%s: there are still %d bytes under %q", step, len(data), ref)
	}
}

// wantRefusal reports a file that was not refused, naming the field, and without a reference.
func (a album) wantRefusal(t *testing.T, file imageFile) {
	t.Helper()
	ref, err := a.Put(t.Context(), "coverImage", file.data)
	e, ok := errors.AsType[*domain.Error](err)
	if !ok || e.Code != domain.CodeImageInvalid || len(e.Fields) != 1 || e.Fields[0].Field != "coverImage" || e.Fields[0].Message == "" {
		t.Errorf("Put of %s: got the error %v, want domain.ImageInvalid for coverImage", file.name, err)
	}
	if ref != "" {
		t.Errorf("Put of %s: got the reference %q beside an error", file.name, ref)
	}
}

func putKeepsThePicture(t *testing.T, a album) {
	for _, file := range imageFiles(imageWidth, imageHeight) {
		a.wantUpright(t, file.name, a.put(t, file.data))
	}
}

// putKeepsItUpright stores the picture as a camera does that was held otherwise: turned, with a note how to turn it back.
func putKeepsItUpright(t *testing.T, a album) {
	const r, g, y, b = 0, 1, 2, 3
	for orientation, stored := range map[uint16][4]int{
		1: {r, g, y, b}, 2: {g, r, b, y}, 3: {b, y, g, r}, 4: {y, b, r, g},
		5: {r, y, g, b}, 6: {g, b, r, y}, 7: {b, g, y, r}, 8: {y, r, b, g},
	} {
		var quarters imageQuarters
		for i, color := range stored {
			quarters[i] = imageUpright[color]
		}
		width, height := imageWidth, imageHeight
		if orientation >= 5 {
			width, height = imageHeight, imageWidth
		}
		data := imageWith(imageJPEG(quarters.draw(width, height)), 2, imageEXIF(orientation, "a camera"))
		a.wantUpright(t, fmt.Sprint("orientation ", orientation), a.put(t, data))
	}
}

func putKeepsNothingElse(t *testing.T, a album) {
	for _, file := range imageLadenFiles(imageWidth, imageHeight) {
		if !bytes.Contains(file.data, []byte(imageMarker)) {
			t.Fatalf("%s: the test is at fault: there is nothing to remove", file.name)
		}
		ref := a.put(t, file.data)
		a.wantUpright(t, file.name, ref)
		data, _ := a.fetch(ref)
		for _, remains := range []string{imageMarker, "<script", "52.5200N", "PK\x03\x04", "Exif"} {
			if bytes.Contains(data, []byte(remains)) {
				t.Errorf("%s: %q is kept beside the picture", file.name, remains)
			}
		}
	}
}

func putAnswersAnAddress(t *testing.T, a album) {
	ref := a.putOne(t)
	u, err := url.Parse(ref)
	if err != nil || u.User != nil || u.Fragment != "" {
		t.Fatalf("the reference %q is no address: %v", ref, err)
	}
	path := !u.IsAbs() && u.Host == "" && strings.HasPrefix(ref, "/")
	if web := (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""; !path && !web {
		t.Errorf("the reference %q is neither an absolute URL nor a path", ref)
	}
}

// putAnswersASecret counts the characters that are chance: 22 of base64 make 128 bits.
func putAnswersASecret(t *testing.T, a album) {
	refs := make([]string, 16)
	for i := range refs {
		refs[i] = a.putOne(t)
	}
	slices.Sort(refs)
	for i, ref := range refs[1:] {
		same := 0
		for same < min(len(ref), len(refs[i])) && ref[same] == refs[i][same] {
			same++
		}
		if len(ref)-same < 20 {
			t.Errorf("one picture's address tells another's: %q and %q", refs[i], ref)
		}
	}
}

func putRefusesNone(t *testing.T, a album) {
	for _, file := range imageNone() {
		a.wantRefusal(t, file)
	}
}

func putRefusesDamaged(t *testing.T, a album) {
	for _, file := range imageFiles(imageWidth, imageHeight) {
		a.wantRefusal(t, imageFile{"half a " + file.name, file.data[:len(file.data)/2]})
	}
}

// putRefusesBombs would run out of memory if one of these were decoded.
func putRefusesBombs(t *testing.T, a album) {
	for _, file := range imageBombs() {
		a.wantRefusal(t, file)
	}
}

func putCopies(t *testing.T, a album) {
	data := imagePNG(imageUpright.draw(imageWidth, imageHeight))
	ref := a.put(t, data)
	clear(data)
	a.wantUpright(t, "after the caller has reused its bytes", ref)
	if kept, ok := a.fetch(ref); ok {
		clear(kept)
	}
	a.wantUpright(t, "after a reader has reused its bytes", ref)
}

func deleteRemoves(t *testing.T, a album) {
	kept, gone := a.putOne(t), a.putOne(t)
	wantNoError(t, "Delete", a.Delete(t.Context(), gone))
	a.wantGone(t, "after Delete", gone)
	a.wantUpright(t, "after Delete of another", kept)
}

func deleteTwice(t *testing.T, a album) {
	ref := a.putOne(t)
	for range 2 {
		wantNoError(t, "Delete", a.Delete(t.Context(), ref))
	}
}

func deleteUnknown(t *testing.T, a album) {
	ref := a.putOne(t)
	slash := strings.LastIndex(ref, "/") + 1
	for _, unknown := range []string{
		"", "/", ref[:slash], ref[:slash] + ".", ref[:slash] + "..", ref[:slash] + "%2e%2e", ref + "/", ref + "\x00", ref + "\n",
		ref[:slash] + "../" + ref[slash:], ref[:slash] + "./" + ref[slash:], strings.ToUpper(ref), ref[:len(ref)-1], " " + ref,
		ref[:slash] + strings.Repeat("a", 1<<16), ref[slash:], ref + ".tmp", ref[:slash] + "*", "\xff\xfe",
	} {
		wantNoError(t, "Delete of "+show(unknown), a.Delete(t.Context(), unknown))
	}
	a.wantUpright(t, "after the deletes of others", ref)
}

// deleteForeign: references of a back end that was in use before, and of whoever else.
func deleteForeign(t *testing.T, a album) {
	ref := a.putOne(t)
	for _, foreign := range []string{
		"http://res.cloudinary.com/demo/image/upload/v1312461204/sample.jpg",
		"https://res.cloudinary.com/demo/image/upload/v1312461204/sample.jpg",
		"https://example.org/images/avatar.png", "//example.org/a.png", "ftp://example.org/a.png", "data:image/png;base64,AAAA",
		"/images/avatar.png", "/images/../users.db", "/etc/passwd", "/uploads/../../etc/passwd", `C:\images\a.png`, "avatar.png", "javascript:alert(1)",
	} {
		wantNoError(t, "Delete of "+show(foreign), a.Delete(t.Context(), foreign))
	}
	a.wantUpright(t, "after the deletes of others", ref)
}

func putHonoursContext(t *testing.T, a album) {
	data := imagePNG(imageUpright.draw(imageWidth, imageHeight))
	wantRefused(t, "Put", func(ctx context.Context) error {
		ref, err := a.Put(ctx, "avatar", data)
		if ref != "" {
			t.Errorf("Put: got the reference %q beside an error", ref)
		}
		return err
	})
}

func deleteHonoursContext(t *testing.T, a album) {
	ref := a.putOne(t)
	wantRefused(t, "Delete", func(ctx context.Context) error { return a.Delete(ctx, ref) })
	a.wantUpright(t, "after a Delete that failed", ref)
}

func manyPicturesAtOnce(t *testing.T, a album) {
	data := imageFiles(imageWidth, imageHeight)
	refs := together(crowd, func(i int) string {
		ref, err := a.Put(t.Context(), "avatar", data[i%len(data)].data)
		if err != nil {
			t.Errorf("Put: got the error %v, want none", err)
		}
		return ref
	})
	slices.Sort(refs)
	if n := len(slices.Compact(slices.Clone(refs))); n != crowd {
		t.Fatalf("%d pictures have %d references", crowd, n)
	}
	for _, ref := range refs {
		a.wantUpright(t, "one of many", ref)
	}
}

func deletedByMany(t *testing.T, a album) {
	ref := a.putOne(t)
	for _, err := range together(crowd, func(int) error { return a.Delete(t.Context(), ref) }) {
		wantNoError(t, "Delete", err)
	}
	a.wantGone(t, "after Delete", ref)
}
