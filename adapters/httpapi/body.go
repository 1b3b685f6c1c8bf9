package httpapi

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/latchkey-auth/latchkey/domain"
)

const (
	maxFieldsBytes = 64 << 10 // all fields of a request together
	maxFields      = 256      // of a form, or names of a JSON text
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

const formType = "application/x-www-form-urlencoded"

// fieldDecoders are by the media types of bodies that hold nothing but fields.
var fieldDecoders = map[string]func(data []byte, fields []string) (body, error){
	"application/json": decodeJSON,
	formType:           decodeForm,
}

// decode reads the body of a request by its media type. No body at all is a body without fields, whatever its type.
func decode(r *http.Request, takes accepts, memory *share) (body, error) {
	if takes.fields == nil && takes.files == nil || r.Body == nil || r.Body == http.NoBody {
		return body{}, nil
	}
	if coded(r.Header) {
		return body{}, refuseUnlessEmpty(r.Body, "bodies without Content-Encoding, and with one Content-Type")
	}
	mediaType, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if mediaType == "multipart/form-data" && takes.files != nil {
		return decodeMultipart(r, params["boundary"], takes, memory)
	}
	decodeFields := fieldDecoders[mediaType]
	if decodeFields == nil || takes.fields == nil {
		return body{}, refuseUnlessEmpty(r.Body, takes.mediaTypes())
	}
	data, err := readAtMost(r.Body, maxFieldsBytes, "the body must have at most 64 KiB")
	if err != nil || len(data) == 0 {
		return body{}, err
	}
	return decodeFields(data, takes.fields)
}

// coded reports whether a body is other than it looks: compressed, so that a small one is large when it is read, or of
// several types, of which a proxy may have looked at another.
func coded(h http.Header) bool {
	coding := strings.Join(h["Content-Encoding"], ",")
	return coding != "" && !strings.EqualFold(coding, "identity") || len(h["Content-Type"]) > 1
}

// refuseUnlessEmpty reads no more than it takes to know.
func refuseUnlessEmpty(r io.Reader, taken string) error {
	if _, err := io.ReadFull(r, make([]byte, 1)); err == io.EOF {
		return nil
	}
	return &domain.Error{Code: codeUnsupportedMediaType, Message: "This route takes " + taken + "."}
}

func (a accepts) mediaTypes() string {
	switch {
	case a.fields == nil:
		return "multipart/form-data"
	case a.files != nil:
		return "application/json, application/x-www-form-urlencoded or multipart/form-data"
	}
	return "application/json or application/x-www-form-urlencoded"
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

func tooManyFields() error {
	return malformed(fmt.Sprintf("The body has more than %d fields.", maxFields))
}

func malformed(message string) error {
	return &domain.Error{Code: codeMalformedBody, Message: message}
}
