// Package web is what a browser loads that is not the JSON API: the account page, the client library for front ends,
// the OpenAPI document and the viewer that renders it. All of it is embedded in the binary; there is no build step.
package web

import (
	"embed"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"

	swaggerui "github.com/swaggest/swgui/v5/static"
)

//go:embed static
var embedded embed.FS

//go:embed static/openapi.json
var openAPI []byte

// viewer names the files of Swagger UI that /docs loads, as the module holds them: compressed.
var viewer = []string{"swagger-ui-bundle.js.gz", "swagger-ui.css.gz"}

// Site serves the embedded files. It is safe for concurrent use.
type Site struct {
	files map[string]*file // by the path of the URL
}

// New makes a Site. It reads nothing but names: a file is hashed and compressed when it is first asked for.
func New() *Site {
	s := &Site{files: map[string]*file{}}
	s.addTree()
	for _, name := range viewer {
		plain := strings.TrimSuffix(name, ".gz")
		s.files["/docs/"+plain] = compressedFile(swaggerui.FS, name, plain)
	}
	return s
}

// OpenAPI is the document that describes the whole of Latchkey's HTTP interface, as it is served at /openapi.json.
func OpenAPI() []byte { return slices.Clone(openAPI) }

// Paths lists every path that the Site answers, in order. There are no patterns among them.
func (s *Site) Paths() []string { return slices.Sorted(maps.Keys(s.files)) }

// ServeHTTP answers GET and HEAD for each of Paths, and 404 or 405 otherwise.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := s.files[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	setSecurityHeaders(w.Header())
	f.serve(w, r)
}

// addTree adds the files of the folder static under their own names, but for index.html, which is its folder.
func (s *Site) addTree() {
	static, err := fs.Sub(embedded, "static")
	if err != nil {
		panic(err) // only for a name that is no valid path
	}
	_ = fs.WalkDir(static, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		s.files[urlPath(name)] = plainFile(static, name)
		return nil
	})
}

func urlPath(name string) string {
	if path.Base(name) == "index.html" {
		return path.Join("/", path.Dir(name))
	}
	return "/" + name
}
