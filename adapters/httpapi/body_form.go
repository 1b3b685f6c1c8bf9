package httpapi

import (
	"bytes"
	"fmt"
	"net/url"
	"slices"
	"unicode/utf8"
)

func decodeForm(data []byte, fields []string) (body, error) {
	if bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{")) { // as curl -d sends it, left to itself
		return body{}, malformed("The body looks like JSON, but its Content-Type is " + formType + ". JSON needs Content-Type: application/json.")
	}
	if bytes.Count(data, []byte("&")) >= maxFields {
		return body{}, tooManyFields()
	}
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
