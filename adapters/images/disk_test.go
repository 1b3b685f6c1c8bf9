package images

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/ports"
	"github.com/latchkey-auth/latchkey/ports/porttest"
)

func openDisk(t *testing.T, dir string) *Disk {
	t.Helper()
	disk, err := OpenDisk(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := disk.Close(); err != nil {
			t.Error(err)
		}
	})
	return disk
}

// get asks as a browser does.
func get(h http.Handler, method, path string) *http.Response {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, &http.Request{Method: method, URL: parsePath(path), Header: http.Header{}})
	return w.Result()
}

func TestDisk(t *testing.T) {
	porttest.TestImageStore(t, func(t *testing.T) (ports.ImageStore, func(string) ([]byte, bool)) {
		disk := openDisk(t, filepath.Join(t.TempDir(), "images"))
		return disk, func(ref string) ([]byte, bool) {
			resp := get(disk, http.MethodGet, ref)
			return body(t, resp), resp.StatusCode == http.StatusOK
		}
	})
}

func put(t *testing.T, store ports.ImageStore) (ref string) {
	t.Helper()
	ref, err := store.Put(t.Context(), "avatar", somePNG)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		all = append(all, entry.Name())
	}
	return all
}

func TestDiskKeepsPicturesToItself(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data", "images")
	disk := openDisk(t, dir)
	put(t, disk)
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder: %v, %v, want 0700", info.Mode(), err)
	}
	all := names(t, dir)
	if len(all) != 1 {
		t.Fatalf("kept %q, want one file", all)
	}
	if info, err := os.Stat(filepath.Join(dir, all[0])); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v, want 0600", info.Mode(), err)
	}
}

func TestDiskKeepsNothingOfWhatItRefuses(t *testing.T) {
	dir := t.TempDir()
	disk := openDisk(t, dir)
	for _, data := range [][]byte{nil, []byte("text"), somePNG[:len(somePNG)-20]} {
		if _, err := disk.Put(t.Context(), "avatar", data); err == nil {
			t.Errorf("%.10q was taken", data)
		}
	}
	if all := names(t, dir); len(all) > 0 {
		t.Errorf("kept %q", all)
	}
}

func TestDiskSurvivesARestart(t *testing.T) {
	dir := t.TempDir()
	ref := put(t, openDisk(t, dir))
	if resp := get(openDisk(t, dir), http.MethodGet, ref); resp.StatusCode != http.StatusOK {
		t.Errorf("got %s", resp.Status)
	}
}

func TestOpenDiskSweepsOutLeftovers(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, age time.Duration) {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	const picture, leftover, underWay = "AAAAAAAAAAAAAAAAAAAAAAAAAA.png", "BBBBBBBBBBBBBBBBBBBBBBBBBB.png.tmp", "CCCCCCCCCCCCCCCCCCCCCCCCCC.jpg.tmp"
	write(picture, 2*tempAge)
	write(leftover, 2*tempAge)
	write(underWay, 0)
	write("notes.tmp", 2*tempAge)
	openDisk(t, dir)
	want := []string{picture, underWay, "notes.tmp"}
	if got := names(t, dir); len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("kept %q, want %q", got, want)
	}
}

func TestOpenDiskRefusesWhatIsNoFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenDisk(file); err == nil {
		t.Error("was opened")
	}
}

// A folder that has gone, as with a disk that was unplugged, is no fault of the picture.
func TestDiskSaysWhenItCannotWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "images")
	disk := openDisk(t, dir)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	_, err := disk.Put(t.Context(), "avatar", somePNG)
	unavailable(t, err)
}

func TestDiskServes(t *testing.T) {
	disk := openDisk(t, t.TempDir())
	for _, upload := range []struct {
		data        []byte
		contentType string
	}{{somePNG, "image/png"}, {encodeAs(t, "jpeg"), "image/jpeg"}, {encodeAs(t, "gif"), "image/gif"}} {
		ref, err := disk.Put(t.Context(), "avatar", upload.data)
		if err != nil {
			t.Fatal(err)
		}
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			resp := get(disk, method, ref)
			if resp.StatusCode != http.StatusOK || (len(body(t, resp)) > 0) != (method == http.MethodGet) {
				t.Errorf("%s: got %s", method, resp.Status)
			}
			for header, want := range map[string]string{
				"Content-Type":                 upload.contentType,
				"X-Content-Type-Options":       "nosniff",
				"Content-Security-Policy":      "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox",
				"Cross-Origin-Resource-Policy": "cross-origin",
				"Cache-Control":                "public, max-age=31536000, immutable",
			} {
				if got := resp.Header.Get(header); got != want {
					t.Errorf("%s: %s is %q, want %q", method, header, got, want)
				}
			}
		}
	}
}

func TestDiskServesNothingElse(t *testing.T) {
	outside := t.TempDir()
	dir := filepath.Join(outside, "images")
	disk := openDisk(t, dir)
	ref := put(t, disk)
	secret := filepath.Join(outside, "secret.png")
	const linked, within, folder = "LLLLLLLLLLLLLLLLLLLLLLLLLL.png", "WWWWWWWWWWWWWWWWWWWWWWWWWW.png", "DDDDDDDDDDDDDDDDDDDDDDDDDD.png"
	for _, made := range []error{
		os.WriteFile(secret, []byte("secret"), 0o600),
		os.Symlink(secret, filepath.Join(dir, linked)),
		os.WriteFile(filepath.Join(dir, "secret.png"), []byte("secret"), 0o600),
		os.Symlink("secret.png", filepath.Join(dir, within)),
		os.WriteFile(filepath.Join(dir, "TTTTTTTTTTTTTTTTTTTTTTTTTT.png.tmp"), []byte("secret"), 0o600),
		os.Mkdir(filepath.Join(dir, folder), 0o700),
	} {
		if made != nil {
			t.Fatal(made)
		}
	}
	for _, path := range []string{
		"", "/", "/images", "/images/", "/images/.", "/images/..", "/images/../secret.png", "/images/secret.png", "/secret.png",
		"/images//" + ref[len(diskPath):], "/images/x/" + ref[len(diskPath):], ref + "/", ref + "/..", ref + ".tmp", ref + "\x00", ref + "\n",
		"/images/" + linked, "/images/" + within, "/images/" + folder, "/images/TTTTTTTTTTTTTTTTTTTTTTTTTT.png.tmp",
		"/images/EEEEEEEEEEEEEEEEEEEEEEEEEE.png", "/images/../images/" + ref[len(diskPath):], `/images\..\secret.png`,
	} {
		resp := get(disk, http.MethodGet, path)
		if resp.StatusCode != http.StatusNotFound || resp.Header.Get("Cache-Control") != "" || bytes.Contains(body(t, resp), []byte("secret")) {
			t.Errorf("GET %q: got %s, want 404, and no cache to keep it", path, resp.Status)
		}
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions} {
		if resp := get(disk, method, ref); resp.StatusCode != http.StatusMethodNotAllowed || resp.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: got %s", method, resp.Status)
		}
	}
}
