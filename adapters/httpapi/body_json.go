package httpapi

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/go-json-experiment/json/jsontext" // from Go 1.27 on, encoding/json/jsontext
)

// maxDepth bounds how deep objects and lists are nested, the body itself among them.
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
	if err := r.end(); err != nil {
		return body{}, err
	}
	return b, nil
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
	if r.behindName() {
		r.names++
	}
	if r.names > maxFields {
		return token, tooManyFields()
	}
	return token, nil
}

// behindName reports whether the last token was the name of a member: in an object, names and values are counted.
func (r *jsonReader) behindName() bool {
	within, n := r.StackIndex(r.StackDepth())
	return within == jsontext.KindBeginObject && n%2 == 1
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

// notWellFormed says what is wrong, or where. It quotes no value, which may be a password.
func notWellFormed(err error) error {
	wrong, ok := errors.AsType[*jsontext.SyntacticError](err)
	switch {
	case !ok: // blanks, and nothing else
		return malformed("The body must be one JSON object.")
	case errors.Is(wrong, jsontext.ErrDuplicateName):
		return malformed(fmt.Sprintf("The name %.100q comes more than once in one object.", wrong.JSONPointer.LastToken()))
	case errors.Is(wrong, io.ErrUnexpectedEOF):
		return malformed("The body must be one well-formed JSON object, and breaks off.")
	}
	return malformed(fmt.Sprintf("The body must be one well-formed JSON object in UTF-8, its names and texts in double quotes. "+
		"What follows byte %d is wrong.", wrong.ByteOffset))
}
