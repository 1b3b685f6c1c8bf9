package httpapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"unicode/utf8"
)

// maxDepth bounds how deep the values of fields that no route knows are nested.
const maxDepth = 16

// decodeJSON reads one JSON object whose known fields are strings (or null, which is as if they had not come).
// It is stricter than encoding/json: names are compared byte for byte, and none may come twice, since two readers
// of one request might each believe another of them.
func decodeJSON(data []byte, fields []string) (body, error) {
	if !utf8.Valid(data) {
		return body{}, malformed("The body must be UTF-8.")
	}
	if surrogate.Match(paired.ReplaceAll(data, nil)) {
		return body{}, malformed("The body must not have half of a surrogate pair.")
	}
	if !json.Valid(data) || bytes.TrimLeft(data, " \t\r\n")[0] != '{' {
		return body{}, malformed("The body must be one well-formed JSON object.")
	}
	b := body{texts: map[string]string{}}
	r := jsonReader{Decoder: json.NewDecoder(bytes.NewReader(data))}
	r.UseNumber()
	_, err := r.value(0, func(name string, value json.Token) error {
		if value == nil || !slices.Contains(fields, name) {
			return nil
		}
		text, ok := value.(string)
		if !ok {
			return malformed(fmt.Sprintf("The field %q must be a string.", name))
		}
		b.texts[name] = text
		return nil
	})
	if err != nil {
		return body{}, err
	}
	return b, nil
}

// A JSON text may escape half of a surrogate pair (RFC 8259, section 8.2). Go makes U+FFFD of it, and so one and the same
// password of many.
var (
	// paired also takes escaped backslashes, so that every other backslash begins an escape.
	paired    = regexp.MustCompile(`\\\\|\\u[dD][89abAB][[:xdigit:]]{2}\\u[dD][c-fC-F][[:xdigit:]]{2}`)
	surrogate = regexp.MustCompile(`\\u[dD][89a-fA-F]`)
)

// jsonReader reads well-formed JSON within bounds.
type jsonReader struct {
	*json.Decoder
	names int // so far, of all objects
}

// next is the next token. There is one, since the text is well-formed; should the library think otherwise, the client errs.
func (r *jsonReader) next() (json.Token, error) {
	token, err := r.Token()
	if err != nil {
		return nil, malformed("The body must be one well-formed JSON object.")
	}
	return token, nil
}

// value reads one value, and calls member for each member of it where it is an object. What it answers for a list or an
// object is where that begins.
func (r *jsonReader) value(depth int, member func(name string, value json.Token) error) (json.Token, error) {
	if depth > maxDepth {
		return nil, malformed(fmt.Sprintf("The JSON is nested more than %d deep.", maxDepth))
	}
	start, err := r.next()
	if err != nil {
		return nil, err
	}
	switch start {
	case json.Delim('{'):
		err = r.members(depth, member)
	case json.Delim('['):
		err = r.elements(depth)
	}
	return start, err
}

func (r *jsonReader) members(depth int, member func(name string, value json.Token) error) error {
	seen := map[string]bool{}
	for r.More() {
		token, err := r.next()
		if err != nil {
			return err
		}
		name, _ := token.(string) // what stands before a value is
		if r.names++; r.names > maxFields {
			return tooManyFields()
		}
		if seen[name] {
			return malformed("A name comes more than once in one object.")
		}
		seen[name] = true
		value, err := r.value(depth+1, ignored)
		if err != nil {
			return err
		}
		if err := member(name, value); err != nil {
			return err
		}
	}
	_, err := r.next() // the closing brace
	return err
}

func ignored(string, json.Token) error { return nil }

func (r *jsonReader) elements(depth int) error {
	for r.More() {
		if _, err := r.value(depth+1, ignored); err != nil {
			return err
		}
	}
	_, err := r.next() // the closing bracket
	return err
}
