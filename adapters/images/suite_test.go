package images

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
	"github.com/latchkey-auth/latchkey/ports/porttest"
)

// faulty is a store with one fault, laid over one that has none.
type faulty struct {
	*Disk
	put    func(d *Disk, ctx context.Context, field string, data []byte) (string, error)
	delete func(d *Disk, ctx context.Context, ref string) error
}

func (f faulty) Put(ctx context.Context, field string, data []byte) (string, error) {
	if f.put == nil {
		return f.Disk.Put(ctx, field, data)
	}
	return f.put(f.Disk, ctx, field, data)
}

func (f faulty) Delete(ctx context.Context, ref string) error {
	if f.delete == nil {
		return f.Disk.Delete(ctx, ref)
	}
	return f.delete(f.Disk, ctx, ref)
}

// keepRaw keeps the bytes as they came, once they were found to be a picture.
func keepRaw(d *Disk, ctx context.Context, field string, data []byte, name string) (string, error) {
	p, err := d.picture(ctx, field, data)
	if err != nil {
		return "", err
	}
	name += p.extension
	return diskPath + name, d.write(name, data)
}

var counter atomic.Int64

// faults are by the rule of the suite that has to notice them.
var faults = map[string]faulty{
	"Put/KeepsNothingButThePicture": {put: func(d *Disk, ctx context.Context, field string, data []byte) (string, error) {
		return keepRaw(d, ctx, field, data, newName())
	}},
	"Put/KeepsItUpright": {put: func(d *Disk, ctx context.Context, field string, data []byte) (string, error) {
		return d.Put(ctx, field, bytes.ReplaceAll(data, []byte("Exif\x00"), []byte("Gone\x00")))
	}},
	"Put/ReferenceCannotBeGuessed": {put: func(d *Disk, ctx context.Context, field string, data []byte) (string, error) {
		count := fmt.Sprintf("%026d", counter.Add(1))
		return keepRaw(d, ctx, field, data, strings.Map(func(r rune) rune { return r - '0' + 'A' }, count))
	}},
	"Races/ManyPicturesAtOnce": {put: func(d *Disk, ctx context.Context, field string, data []byte) (string, error) {
		sum := sha256.Sum256(data) // the same picture has the same name: deleting one deletes the other
		name := strings.Map(func(r rune) rune { return 'A' + r%16 }, fmt.Sprintf("%x", sum[:13]))
		return keepRaw(d, ctx, field, data, name)
	}},
	"Put/RefusesWhatIsNoPicture": {put: func(d *Disk, ctx context.Context, field string, data []byte) (string, error) {
		ref, err := d.Put(ctx, field, data)
		if errors.Is(err, &domain.Error{Code: domain.CodeImageInvalid}) && ctx.Err() == nil {
			name := newName() + ".png"
			return diskPath + name, d.write(name, data)
		}
		return ref, err
	}},
	"Put/RefusesADamagedPicture": {put: func(d *Disk, ctx context.Context, _ string, data []byte) (string, error) {
		return d.Put(ctx, "image", data) // blames a field that the client does not know
	}},
	"Put/RefusesTooManyPixels": {put: func(d *Disk, ctx context.Context, field string, data []byte) (string, error) {
		ref, err := d.Put(ctx, field, data)
		if err != nil && strings.Contains(err.Error(), errTooLarge.Error()) {
			return "", errors.New("out of memory")
		}
		return ref, err
	}},
	"Put/KeepsThePicture": {put: func(d *Disk, ctx context.Context, field string, data []byte) (string, error) {
		if bytes.HasPrefix(data, []byte("RIFF")) {
			return "", domain.ImageInvalid(field, "must be a PNG, JPEG or GIF")
		}
		return d.Put(ctx, field, data)
	}},
	"Put/ReferenceIsAnAddress": {put: func(d *Disk, ctx context.Context, field string, data []byte) (string, error) {
		ref, err := d.Put(ctx, field, data)
		return strings.TrimPrefix(ref, "/"), err
	}},
	"Contexts/PutEndsWithItsContext": {put: func(d *Disk, ctx context.Context, field string, data []byte) (string, error) {
		return d.Put(context.WithoutCancel(ctx), field, data)
	}},
	"Contexts/DeleteEndsWithItsContext": {delete: func(d *Disk, ctx context.Context, ref string) error {
		return d.Delete(context.WithoutCancel(ctx), ref)
	}},
	"Delete/RemovesThePictureAndNoOther": {delete: func(_ *Disk, ctx context.Context, _ string) error {
		return unavailableOf(ctx)
	}},
	"Delete/TwiceIsNoError": {delete: func(d *Disk, ctx context.Context, ref string) error {
		if name, ok := diskName(ref); ok && ctx.Err() == nil {
			return d.root.Remove(name)
		}
		return d.Delete(ctx, ref)
	}},
	"Delete/OfAnUnknownReferenceIsNoError": {delete: func(d *Disk, ctx context.Context, ref string) error {
		if name, ok := strings.CutPrefix(strings.TrimSpace(ref), diskPath); ok && ctx.Err() == nil && !strings.ContainsAny(name, "/.\x00*") {
			return errors.New("no such picture")
		}
		return d.Delete(ctx, strings.TrimSpace(ref)) // takes one reference for another
	}},
	"Delete/OfAnotherStoresReferenceIsNoError": {delete: func(d *Disk, ctx context.Context, ref string) error {
		if strings.HasPrefix(ref, "http") {
			return errors.New("not ours")
		}
		return d.Delete(ctx, ref)
	}},
}

func unavailableOf(ctx context.Context) error {
	if ctx.Err() != nil {
		return ports.Unavailable(ctx.Err())
	}
	return nil
}

// faultToRun names the fault that a child process runs the suite with.
const faultToRun = "LATCHKEY_TEST_FAULT"

// TestSuiteNoticesFaults runs the suite on each faulty store, in a process of its own, since it is to fail there.
func TestSuiteNoticesFaults(t *testing.T) {
	if name := os.Getenv(faultToRun); name != "" {
		porttest.TestImageStore(t, func(t *testing.T) (ports.ImageStore, func(string) ([]byte, bool)) {
			fault := faults[name]
			fault.Disk = openDisk(t, t.TempDir())
			return fault, func(ref string) ([]byte, bool) {
				resp := get(fault.Disk, http.MethodGet, "/"+strings.TrimPrefix(ref, "/"))
				return body(t, resp), resp.StatusCode == http.StatusOK
			}
		})
		return
	}
	for rule := range faults {
		t.Run(rule, func(t *testing.T) {
			child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSuiteNoticesFaults$/^"+strings.ReplaceAll(rule, "/", "$/^")+"$")
			child.Env = append(os.Environ(), faultToRun+"="+rule)
			out, err := child.CombinedOutput()
			if err == nil || !bytes.Contains(out, []byte("--- FAIL: TestSuiteNoticesFaults/"+rule)) {
				t.Errorf("nobody noticed: %v\n%s", err, out)
			}
		})
	}
}
