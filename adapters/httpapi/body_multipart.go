package httpapi

import (
	"errors"
	"fmt"
	"io"
	"math"
	"mime/multipart"
	"net/http"
	"slices"
	"unicode/utf8"
)

const (
	maxMultipartBytes = 12 << 20 // two images, the fields, and what stands between
	maxParts          = 64
	maxPartHeader     = 16 << 10 // of one part, its name and its file name among it
	maxBoundary       = 70       // RFC 2046, section 5.1.1
)

// decodeMultipart reads the known fields and files of a multipart/form-data body (RFC 7578), all in memory and all
// within bounds.
func decodeMultipart(r *http.Request, boundary string, takes accepts, memory *share) (body, error) {
	if boundary == "" || len(boundary) > maxBoundary {
		return body{}, malformed("The Content-Type lacks its boundary, or has one of more than 70 characters.")
	}
	metered := &meter{Reader: http.MaxBytesReader(nil, r.Body, maxMultipartBytes)}
	reader := multipart.NewReader(metered, boundary)
	b := body{texts: map[string]string{}, files: map[string][]byte{}}
	for parts := 0; ; parts++ {
		metered.left = maxPartHeader
		part, err := reader.NextPart()
		metered.left = math.MaxInt64
		if errors.Is(err, io.EOF) {
			return b, nil
		}
		if err != nil {
			return body{}, readError(err)
		}
		if parts == maxParts {
			return body{}, malformed(fmt.Sprintf("The body has more than %d parts.", maxParts))
		}
		if err := b.take(part, takes, memory); err != nil {
			return body{}, err
		}
		_ = part.Close() // reads the rest of it; what goes wrong there, NextPart says
	}
}

// meter lets no more be read than is left. It bounds the header of a part, of which the library would keep 10 MiB for
// anybody who asks.
type meter struct {
	io.Reader
	left int64
}

var errPartHeader = errors.New("the header of a part is too long")

// Read reads what is left at most.
func (m *meter) Read(p []byte) (int, error) {
	if m.left == 0 {
		return 0, errPartHeader
	}
	n, err := m.Reader.Read(p[:min(int64(len(p)), m.left)])
	m.left -= int64(n)
	return n, err
}

// take keeps one part, if the route knows its name. A file is what has a file name: a form without one chosen sends an
// empty name, and a script that appends undefined sends a text.
func (b body) take(part *multipart.Part, takes accepts, memory *share) error {
	name, isFile := part.FormName(), part.FileName() != ""
	switch {
	case isFile && slices.Contains(takes.files, name):
		return b.takeFile(name, part, memory)
	case !isFile && slices.Contains(takes.fields, name):
		return b.takeText(name, part)
	}
	return nil
}

// takeFile takes memory for as large a file as there may be before it reads any of it.
func (b body) takeFile(name string, part *multipart.Part, memory *share) error {
	if _, twice := b.files[name]; twice {
		return malformed(fmt.Sprintf("The file %q comes more than once.", name))
	}
	if err := memory.take(maxImageBytes); err != nil {
		return err
	}
	data, err := readAtMost(part, maxImageBytes, fmt.Sprintf("the image %q must have at most 5 MiB", name))
	if err != nil {
		return err
	}
	memory.giveBack(maxImageBytes - int64(len(data)))
	b.files[name] = data
	return nil
}

func (b body) takeText(name string, part *multipart.Part) error {
	if _, twice := b.texts[name]; twice {
		return malformed(fmt.Sprintf("The field %q comes more than once.", name))
	}
	left := int64(maxFieldsBytes)
	for _, text := range b.texts {
		left -= int64(len(text))
	}
	data, err := readAtMost(part, left, "all fields together must have at most 64 KiB")
	if err != nil {
		return err
	}
	if !utf8.Valid(data) {
		return malformed("The fields must be UTF-8.")
	}
	b.texts[name] = string(data)
	return nil
}
