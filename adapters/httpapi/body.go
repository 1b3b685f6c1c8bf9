package httpapi

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"unicode/utf8"

	"github.com/latchkey-auth/latchkey/domain"
)

const (
	maxFieldsBytes = 64 << 10 // all fields of a request together
	maxImageBytes  = 5 << 20  // one image
)

// accepts says what a route takes: the names of its text fields and of its files.
// Other fields are ignored; a route that names none reads no body.
type accepts struct {
	fields []string
	files  []string
	// lenient routes do without a body that cannot be read.
	lenient bool
}

// body is what came: every body of this API is a flat set of texts and files, however it was encoded.
type body struct {
	texts map[string]string
	files map[string][]byte
}

// text is a field, "" where it did not come.
func (b body) text(name string) string { return b.texts[name] }

// optional is a field, nil where it did not come.
func (b body) optional(name string) *string {
	if text, ok := b.texts[name]; ok {
		return &text
	}
	return nil
}

// secret is a field that must not be seen.
func (b body) secret(name string) domain.Secret { return domain.NewSecret(b.texts[name]) }

// fieldDecoders are by the media types of bodies that hold nothing but fields.
var fieldDecoders = map[string]func(data []byte, fields []string) (body, error){
	"application/json":                  decodeJSON,
	"application/x-www-form-urlencoded": decodeForm,
}

// decode reads the body of a request by its media type. No body at all is a body without fields, whatever its type.
func decode(r *http.Request, takes accepts, memory *share) (body, error) {
	if takes.fields == nil && takes.files == nil || r.Body == nil || r.Body == http.NoBody {
		return body{}, nil
	}
	mediaType, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if mediaType == "multipart/form-data" && takes.files != nil {
		return decodeMultipart(r, params["boundary"], takes, memory)
	}
	decodeFields := fieldDecoders[mediaType]
	if decodeFields == nil || takes.fields == nil {
		return body{}, refuseUnlessEmpty(r.Body, takes)
	}
	data, err := readAtMost(r.Body, maxFieldsBytes, "the body must have at most 64 KiB")
	if err != nil || len(data) == 0 {
		return body{}, err
	}
	return decodeFields(data, takes.fields)
}

// refuseUnlessEmpty reads no more than it takes to know.
func refuseUnlessEmpty(r io.Reader, takes accepts) error {
	if _, err := io.ReadFull(r, make([]byte, 1)); err == io.EOF {
		return nil
	}
	taken := "application/json or application/x-www-form-urlencoded"
	switch {
	case takes.fields == nil:
		taken = "multipart/form-data"
	case takes.files != nil:
		taken = "application/json, application/x-www-form-urlencoded or multipart/form-data"
	}
	return &domain.Error{Code: codeUnsupportedMediaType, Message: "This route takes " + taken + "."}
}

func decodeForm(data []byte, fields []string) (body, error) {
	values, err := url.ParseQuery(string(data))
	if err != nil {
		return body{}, malformed("The body is not well-formed as application/x-www-form-urlencoded.")
	}
	b := body{texts: map[string]string{}}
	for name, all := range values {
		if !slices.Contains(fields, name) {
			continue
		}
		if len(all) > 1 {
			return body{}, malformed(fmt.Sprintf("The field %q comes more than once.", name))
		}
		if !utf8.ValidString(all[0]) {
			return body{}, malformed("The body must be UTF-8.")
		}
		b.texts[name] = all[0]
	}
	return b, nil
}

// readAtMost reads up to a bound, and fails past it before it has read much more.
func readAtMost(r io.Reader, limit int64, tooLarge string) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	switch {
	case int64(len(data)) > limit:
		return nil, &domain.Error{Code: codeBodyTooLarge, Message: "Too large: " + tooLarge + "."}
	case err != nil:
		return nil, readError(err)
	}
	return data, nil
}

// readError tells a body that is too large from one that broke off.
func readError(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return &domain.Error{Code: codeBodyTooLarge, Message: "Too large: the whole body must have at most 12 MiB."}
	}
	return malformed("The body could not be read to its end.")
}

func malformed(message string) error {
	return &domain.Error{Code: codeMalformedBody, Message: message}
}
