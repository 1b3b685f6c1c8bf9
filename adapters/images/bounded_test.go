package images

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"runtime"
	"testing"
	"testing/synctest"

	"github.com/latchkey-auth/latchkey/domain"
)

// noise compresses badly in every format.
func noise(pix []byte) {
	_, _ = rand.NewChaCha8([32]byte{}).Read(pix) // never fails
}

func TestPictureBoundsWhatIsKept(t *testing.T) {
	still := image.NewNRGBA(image.Rect(0, 0, 1700, 1700)) // 11 MiB
	noise(still.Pix)
	for i := range still.Pix {
		still.Pix[i] |= 1 // the decoder takes nothing for transparent
	}
	var file bytes.Buffer
	if err := png.Encode(&file, still); err != nil {
		t.Fatal(err)
	}
	if _, err := purify(t.Context(), file.Bytes()); !errors.Is(err, errTooDetailed) {
		t.Errorf("PNG: got %v, want %v", err, errTooDetailed)
	}
	frame := image.NewPaletted(image.Rect(0, 0, 3500, 3500), somePicture.Palette)
	for i := range frame.Pix {
		frame.Pix[i] = uint8(i % 3)
	}
	for name, write := range map[string]func(io.Writer) error{
		"GIF":  func(w io.Writer) error { return gif.Encode(w, frame, nil) },
		"JPEG": func(w io.Writer) error { return jpeg.Encode(w, still, &jpeg.Options{Quality: 100}) },
	} {
		out := output{ctx: t.Context()}
		out.file.Write(make([]byte, maxPictureBytes-100))
		if err := write(&out); !errors.Is(err, errTooDetailed) || out.file.Len() > maxPictureBytes {
			t.Errorf("%s: got %v after %d bytes, want %v", name, err, out.file.Len(), errTooDetailed)
		}
	}
}

func TestOutputTakesWhatIsAllowed(t *testing.T) {
	out := output{ctx: t.Context()}
	if n, err := out.Write(make([]byte, maxPictureBytes)); n != maxPictureBytes || err != nil {
		t.Errorf("as much as is allowed: %d, %v", n, err)
	}
	if n, err := out.Write([]byte{0}); n != 0 || !errors.Is(err, errTooDetailed) {
		t.Errorf("one byte more: %d, %v, want %v", n, err, errTooDetailed)
	}
}

func TestPictureEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	in, out := newInput(ctx, somePNG), output{ctx: ctx}
	cancel()
	if n, err := in.Read(make([]byte, 8)); n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("read %d, %v", n, err)
	}
	if n, err := out.Write(somePNG); n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("wrote %d, %v", n, err)
	}
	for _, format := range []string{"png", "jpeg", "gif"} {
		if p, err := purify(ctx, encodeAs(t, format)); err == nil {
			t.Errorf("%s: became %d bytes for nobody", format, len(p.data))
		}
	}
}

// Nothing is decoded any more: a picture that nobody waits for takes no memory.
func TestPictureIsNotDecodedForNobody(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	large := image.NewPaletted(image.Rect(0, 0, 3000, 3000), somePicture.Palette)
	for format, write := range map[string]func(io.Writer) error{
		"PNG":  func(w io.Writer) error { return png.Encode(w, large) },
		"JPEG": func(w io.Writer) error { return jpeg.Encode(w, large, nil) },
		"GIF":  func(w io.Writer) error { return gif.Encode(w, large, nil) },
	} {
		var file bytes.Buffer
		if err := write(&file); err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := purify(ctx, file.Bytes())
		runtime.ReadMemStats(&after)
		if taken := after.TotalAlloc - before.TotalAlloc; err == nil || taken > 4<<20 {
			t.Errorf("%s: took %d bytes, %v", format, taken, err)
		}
	}
}

// fading is a context that ends after it was asked so many times.
type fading struct {
	context.Context
	left int
}

func (f *fading) Err() error {
	if f.left--; f.left < 0 {
		return context.Canceled
	}
	return nil
}

// Whenever the caller goes, the picture is not to blame.
func TestPictureIsNotBlamedForItsContext(t *testing.T) {
	for asked := range 1000 {
		_, err := newDecoder().picture(&fading{t.Context(), asked}, "avatar", somePNG)
		if err == nil {
			return
		}
		unavailable(t, err)
	}
	t.Error("it was never taken")
}

// asked is a context that tells whenever it is asked whether it has ended.
type asked struct {
	context.Context
	tell func()
}

func (a asked) Err() error {
	a.tell()
	return nil
}

// Whoever decodes holds a turn all the while: only so many take memory at once.
func TestPictureHoldsItsTurn(t *testing.T) {
	d := newDecoder()
	var turns []int
	ctx := asked{t.Context(), func() { turns = append(turns, len(d.turns)*len(d.places)) }}
	if _, err := d.picture(ctx, "avatar", somePNG); err != nil {
		t.Fatal(err)
	}
	// The first time is before there is any need for one.
	for i, held := range turns[1:] {
		if held != 1 {
			t.Errorf("asked for the %d. time: %d turns are held", i+2, held)
		}
	}
	if len(turns) < 5 || len(d.turns)+len(d.places) > 0 {
		t.Errorf("%d times, and then %d turns are held", len(turns), len(d.turns))
	}
}

func TestPictureWaitsForItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := decoder{make(chan struct{}, 3), make(chan struct{}, 1)}
		d.turns <- struct{}{} // somebody is decoding
		ctx, cancel := context.WithCancel(t.Context())
		gone, served := make(chan error, 1), make(chan error, 1)
		go func() { _, err := d.picture(ctx, "avatar", somePNG); gone <- err }()
		go func() { _, err := d.picture(t.Context(), "avatar", somePNG); served <- err }()
		synctest.Wait()
		if len(gone)+len(served) > 0 {
			t.Error("somebody did not wait")
		}
		cancel()
		synctest.Wait()
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want context.Canceled", err)
		}
		<-d.turns
		if err := <-served; err != nil {
			t.Errorf("the next: %v", err)
		}
		if len(d.turns) > 0 {
			t.Error("a turn was not given back")
		}
	})
}

func TestPictureRefusesWhoWouldWaitTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDecoder()
		for range cap(d.turns) {
			d.turns <- struct{}{} // all decode
			d.places <- struct{}{}
		}
		served := make(chan error, maxWaiting)
		for range maxWaiting {
			go func() { _, err := d.picture(t.Context(), "avatar", somePNG); served <- err }()
		}
		synctest.Wait()
		_, err := d.picture(t.Context(), "avatar", somePNG)
		if busy, ok := errors.AsType[*domain.Error](err); !ok || busy.Code != domain.CodeBusy || busy.RetryAfter <= 0 {
			t.Errorf("one more: got %v, want %s", err, domain.CodeBusy)
		}
		for range cap(d.turns) {
			<-d.turns
			<-d.places
		}
		for range maxWaiting {
			if err := <-served; err != nil {
				t.Errorf("who waited: %v", err)
			}
		}
		if len(d.turns)+len(d.places) > 0 {
			t.Error("a turn was not given back")
		}
	})
}
