package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"
)

// contentTypes are told by the service: what the host's own table says of an extension differs from host to host.
var contentTypes = map[string]string{
	".css":  "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".json": "application/json",
	".svg":  "image/svg+xml",
	".ts":   "text/plain; charset=utf-8",
}

// file is one embedded file as it goes over the wire, plain or compressed. Both forms are made when first needed.
type file struct {
	contentType string
	plain       func() (form, error)
	zipped      func() (form, error)
}

// form is one representation of a file, with the entity tag that is its own (RFC 9110, section 8.8.3.3).
type form struct {
	bytes []byte
	etag  string
}

// plainFile is a file that is embedded as it is.
func plainFile(fsys fs.FS, name string) *file {
	f := &file{contentType: contentTypes[path.Ext(name)]}
	f.plain = once(func() ([]byte, error) { return fs.ReadFile(fsys, name) })
	f.zipped = once(func() ([]byte, error) {
		plain, err := f.plain()
		if err != nil {
			return nil, err
		}
		return compress(plain.bytes)
	})
	return f
}

// compressedFile is a file that is embedded compressed; as is the name of its content.
func compressedFile(fsys fs.FS, name, as string) *file {
	f := &file{contentType: contentTypes[path.Ext(as)]}
	f.zipped = once(func() ([]byte, error) { return fs.ReadFile(fsys, name) })
	f.plain = once(func() ([]byte, error) {
		zipped, err := f.zipped()
		if err != nil {
			return nil, err
		}
		return decompress(zipped.bytes)
	})
	return f
}

// once makes a form when it is first asked for, and keeps it.
func once(content func() ([]byte, error)) func() (form, error) {
	return sync.OnceValues(func() (form, error) {
		b, err := content()
		sum := sha256.Sum256(b)
		return form{b, `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}, err
	})
}

// serve answers with the form that the client prefers. Clients keep the file, and ask each time whether it has changed:
// a new version of the service is seen at once, an old one costs 304 and no body.
func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	h, choose := w.Header(), f.plain
	h.Add("Vary", "Accept-Encoding")
	if acceptsGzip(r.Header) {
		choose = f.zipped
		h.Set("Content-Encoding", "gzip")
	}
	chosen, err := choose()
	if err != nil { // an embedded file that cannot be read: the binary is damaged
		h.Del("Content-Encoding")
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Type", f.contentType)
	h.Set("ETag", chosen.etag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(chosen.bytes))
}

// acceptsGzip reports whether the client takes gzip: it names it, and not with a weight of zero.
func acceptsGzip(h http.Header) bool {
	for part := range strings.SplitSeq(strings.Join(h.Values("Accept-Encoding"), ","), ",") {
		coding, params, weighted := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			continue
		}
		_, weight, _ := strings.Cut(params, "=")
		q, err := strconv.ParseFloat(strings.TrimSpace(weight), 64)
		return !weighted || err == nil && q > 0
	}
	return false
}

func compress(plain []byte) ([]byte, error) {
	var b bytes.Buffer
	zw, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := zw.Write(plain); err != nil {
		return nil, err
	}
	err = zw.Close()
	return b.Bytes(), err
}

func decompress(zipped []byte) ([]byte, error) {
	zr, err := gzip.NewReader(bytes.NewReader(zipped))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(zr)
}
