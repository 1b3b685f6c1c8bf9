package httpapi

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"unicode/utf8"
)

const (
	maxMultipartBytes = 12 << 20 // two images, the fields, and what stands between
	maxParts          = 64
)

// decodeMultipart reads the known fields and files of a multipart/form-data body (RFC 7578), all in memory and all
// within bounds.
func decodeMultipart(r *http.Request, boundary string, takes accepts, memory *share) (body, error) {
	if boundary == "" {
		return body{}, malformed("The Content-Type lacks its boundary.")
	}
	reader := multipart.NewReader(http.MaxBytesReader(nil, r.Body, maxMultipartBytes), boundary)
	b := body{texts: map[string]string{}, files: map[string][]byte{}}
	for parts := 0; ; parts++ {
		part, err := reader.NextPart()
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
	}
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
