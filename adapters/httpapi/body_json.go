package httpapi

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/go-json-experiment/json/jsontext" // from Go 1.27 on, encoding/json/jsontext
)

// maxDepth bounds how deep objects and lists are nested in a body, in fields that no route knows.
const maxDepth = 16

// decodeJSON reads one JSON object whose known fields are strings (or null, which is as if they had not come). What two
// readers of one request might each take for something else is refused: names that come twice, bytes that are no UTF-8,
// and halves of surrogate pairs (RFC 8259, sections 4 and 8), of which a reader may make one and the same password of many.
func decodeJSON(data []byte, fields []string) (body, error) {
	r := jsonReader{Decoder: jsontext.NewDecoder(bytes.NewBuffer(data))}
	start, err := r.next()
	if err != nil {
		return body{}, err
	}
	if start.Kind() != jsontext.KindBeginObject {
		return body{}, malformed("The body must be one JSON object.")
	}
	b := body{texts: map[string]string{}}
	for r.PeekKind() != jsontext.KindEndObject {
		if err := b.takeMember(&r, fields); err != nil {
			return body{}, err
		}
	}
	return b, r.end()
}

// takeMember keeps the next field, if the route knows its name.
func (b body) takeMember(r *jsonReader, fields []string) error {
	name, err := r.next()
	if err != nil {
		return err
	}
	known := slices.Index(fields, name.String())
	value, err := r.next()
	switch {
	case err != nil:
		return err
	case known < 0:
		return r.skip()
	case value.Kind() == jsontext.KindNull:
		return nil
	case value.Kind() != jsontext.KindString:
		return malformed(fmt.Sprintf("The field %q must be a string.", fields[known]))
	}
	b.texts[fields[known]] = value.String()
	return nil
}

// jsonReader reads JSON within bounds.
type jsonReader struct {
	*jsontext.Decoder
	names int // so far, of all objects
}

// next is the next token.
func (r *jsonReader) next() (jsontext.Token, error) {
	token, err := r.ReadToken()
	if err != nil {
		return token, notWellFormed(err)
	}
	if r.StackDepth() > maxDepth {
		return token, malformed(fmt.Sprintf("The JSON is nested more than %d deep.", maxDepth))
	}
	if within, n := r.StackIndex(r.StackDepth()); within == jsontext.KindBeginObject && n%2 == 1 { // a name, whose value is to come
		r.names++
	}
	if r.names > maxFields {
		return token, tooManyFields()
	}
	return token, nil
}

// skip reads the rest of the value of a member, of which the first token was read.
func (r *jsonReader) skip() error {
	for r.StackDepth() > 1 {
		if _, err := r.next(); err != nil {
			return err
		}
	}
	return nil
}

// end reads the end of the object, and that nothing follows.
func (r *jsonReader) end() error {
	if _, err := r.next(); err != nil {
		return err
	}
	if _, err := r.ReadToken(); err != io.EOF {
		return malformed("The body must be one JSON object, and nothing behind it.")
	}
	return nil
}

// notWellFormed says what is wrong, and where.
func notWellFormed(err error) error {
	wrong, ok := errors.AsType[*jsontext.SyntacticError](err)
	switch {
	case !ok: // blanks, and nothing else
		return malformed("The body must be one JSON object.")
	case errors.Is(wrong, jsontext.ErrDuplicateName):
		return malformed("A name comes more than once in one object.")
	}
	return malformed(fmt.Sprintf("The body must be one well-formed JSON object: %v, after byte %d.", wrong.Err, wrong.ByteOffset))
}
