package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"unicode/utf8"
)

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
	members, err := objectMembers(data)
	if err != nil {
		return body{}, malformed("The body must be one well-formed JSON object without repeated names.")
	}
	b := body{texts: map[string]string{}}
	for _, name := range fields {
		raw, came := members[name]
		if !came || string(raw) == "null" {
			continue
		}
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return body{}, malformed(fmt.Sprintf("The field %q must be a string.", name))
		}
		b.texts[name] = text
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

var errNoObject = errors.New("no JSON object")

func objectMembers(data []byte) (map[string]json.RawMessage, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	if start, err := dec.Token(); err != nil || start != json.Delim('{') {
		return nil, errNoObject
	}
	members := map[string]json.RawMessage{}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, err
		}
		key, _ := name.(string) // an object's token before a value is a string
		if _, twice := members[key]; twice {
			return nil, errNoObject
		}
		members[key] = value
	}
	if _, err := dec.Token(); err != nil { // the closing brace
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errNoObject
	}
	return members, nil
}
