package images

import (
	"net/http"
	"os"
	"path"
)

// contentTypes is by what encoder a file was made, whatever its bytes could be taken for.
var contentTypes = map[string]string{".gif": "image/gif", ".jpg": "image/jpeg", ".png": "image/png"}

// ServeHTTP answers GET and HEAD for the paths that Put gives out; everything else is not found.
func (d *Disk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	file, info, err := d.open(r.URL.Path)
	if err != nil {
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	defer func() { _ = file.Close() }() // it was only read
	h := w.Header()
	h.Set("Content-Type", contentTypes[path.Ext(info.Name())])
	// Should a picture be taken for a page all the same, nothing in it runs.
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox")
	// Front ends of other origins show it.
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeContent(w, r, "", info.ModTime(), file)
}

// open opens the file behind a path. Only a regular file is one: a link, put there by somebody, could lead to a secret.
func (d *Disk) open(urlPath string) (*os.File, os.FileInfo, error) {
	name, ok := diskName(urlPath)
	if !ok {
		return nil, nil, os.ErrNotExist
	}
	info, err := d.root.Lstat(name)
	if err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, nil, os.ErrNotExist
	}
	file, err := d.root.Open(name)
	return file, info, err
}
