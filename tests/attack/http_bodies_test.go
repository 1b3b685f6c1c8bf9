package attack_test

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
	"unicode/utf16"
)

// TestHTTPTypeConfusion: a sign-in whose fields are no texts. Lost would be every account, to whoever sends an operator
// of the store's, or a value that a comparison takes for any password.
func TestHTTPTypeConfusion(t *testing.T) {
	h := httpOpen(t)
	for name, body := range map[string]string{
		"operators":                `{"email":{"$gt":""},"password":{"$gt":""}}`,
		"an operator for a secret": `{"email":"alice@example.org","password":{"$ne":null}}`,
		"a pattern":                `{"email":{"$regex":".*"},"password":"x"}`,
		"code":                     `{"email":{"$where":"return true"},"password":"x"}`,
		"a list of emails":         `{"email":["alice@example.org"],"password":"x"}`,
		"a list of passwords":      `{"email":"alice@example.org","password":["a","b"]}`,
		"true":                     `{"email":"alice@example.org","password":true}`,
		"nought":                   `{"email":"alice@example.org","password":0}`,
		"an empty list":            `{"email":"alice@example.org","password":[]}`,
		"something with a length":  `{"email":"alice@example.org","password":{"length":28}}`,
		"a number past all":        `{"email":"alice@example.org","password":1e999}`,
		"a list of sign-ins":       `[{"email":"alice@example.org","password":"x"}]`,
		"two sign-ins":             `{"email":"alice@example.org","password":"x"}{"email":"alice@example.org","password":"y"}`,
		"a text":                   `"email"`,
		"null":                     `null`,
	} {
		t.Run(name, func(t *testing.T) {
			h.attack(t, "POST", httpUsers+"/login", httpText(body)).expect(t, 400, "malformed_body")
			h.attack(t, "POST", httpUsers+"/register", httpText(body)).expect(t, 400, "malformed_body")
			h.attack(t, "DELETE", httpUsers+"/me", httpText(body), httpBearer("x")).expect(t, 401, "token_invalid")
		})
	}
	for name, body := range map[string]string{
		"null for a password":         `{"email":"alice@example.org","password":null}`,
		"names in another case":       `{"Email":"alice@example.org","PASSWORD":"x"}`,
		"the prototype":               `{"__proto__":{"email":"alice@example.org","password":"x"},"constructor":{"prototype":{}}}`,
		"operators beside the fields": `{"$where":"1","$or":[{}],"email.$gt":""}`,
	} {
		t.Run(name, func(t *testing.T) {
			h.attack(t, "POST", httpUsers+"/login", httpText(body)).expect(t, 400, "validation_failed")
		})
	}
	for name, body := range map[string]string{
		"an operator in brackets": "email[$gt]=&password[$gt]=",
		"a list in brackets":      "email[]=alice@example.org&password[]=x",
		"a path":                  "user.email=alice@example.org&user.password=x",
	} {
		t.Run("a form: "+name, func(t *testing.T) {
			h.attack(t, "POST", httpUsers+"/login", httpBody("application/x-www-form-urlencoded", body)).expect(t, 400, "validation_failed")
		})
	}
	h.unharmed(t)
}

// TestHTTPRepeatedNames: a field that comes twice. Lost would be what stands before the service and looks at one of
// them: a proxy that counts sign-ins by account, or an application that checks an address, while the service takes the
// other.
func TestHTTPRepeatedNames(t *testing.T) {
	h := httpOpen(t)
	const mine, hers = `"email":"eve@example.org"`, `"email":"alice@example.org"`
	right := `"password":"` + httpPassword + `"`
	for name, with := range map[string]httpOption{
		"the first":            httpText(`{` + hers + `,` + mine + `,` + right + `}`),
		"the last":             httpText(`{` + mine + `,` + hers + `,` + right + `}`),
		"escaped":              httpText(`{"\u0065mail":"eve@example.org",` + hers + `,` + right + `}`),
		"the same":             httpText(`{` + hers + `,` + hers + `,` + right + `}`),
		"two passwords":        httpText(`{` + hers + `,"password":"x",` + right + `}`),
		"null and a text":      httpText(`{"email":null,` + hers + `,` + right + `}`),
		"within what is extra": httpText(`{` + hers + `,` + right + `,"x":{"a":1,"a":2}}`),
		"a form":               httpForm("email", "eve@example.org", "email", "alice@example.org", "password", httpPassword),
		"a form, passwords":    httpForm("email", "alice@example.org", "password", "x", "password", httpPassword),
	} {
		t.Run(name, func(t *testing.T) {
			h.attack(t, "POST", httpUsers+"/login", with).expect(t, 400, "malformed_body")
		})
	}
	h.unharmed(t)
}

// TestHTTPTexts: passwords and names that are other than they look. Lost would be an account to whoever knows a part of
// its password, or sends bytes that become the same as the right ones.
func TestHTTPTexts(t *testing.T) {
	h := httpOpen(t)
	replaced := h.newcomer(t, "replaced", "what is lost is \ufffd\ufffd\ufffd")
	utf16LE := func(s string) string {
		var out []byte
		for _, unit := range utf16.Encode([]rune(s)) {
			out = append(out, byte(unit), byte(unit>>8))
		}
		return string(out)
	}
	malformed := map[string]httpOption{
		"no UTF-8 for what is lost":   httpText(`{"email":"replaced@example.org","password":"what is lost is ` + "\xff\xfe\xfd" + `"}`),
		"half pairs for what is lost": httpText(`{"email":"replaced@example.org","password":"what is lost is \ud800\ud800\ud800"}`),
		"overlong letters":            httpText("{\"email\":\"alice\xc1\x80example.org\",\"password\":\"x\"}"),
		"no UTF-8 in a name":          httpText("{\"email\xff\":\"a\"}"),
		"a form that is no UTF-8":     httpBody("application/x-www-form-urlencoded", "email=replaced@example.org&password=what+is+lost+is+%ff%fe%fd"),
		"UTF-16":                      httpBody("application/json; charset=utf-16le", utf16LE(httpObject("email", h.alice.Email, "password", httpPassword))),
		"a mark of byte order":        httpText("\ufeff" + httpObject("email", h.alice.Email, "password", httpPassword)),
		"a comment":                   httpText(`{"email":"alice@example.org"/*,"password":"x"*/}`),
		"a comma too many":            httpText(`{"email":"alice@example.org","password":"x",}`),
		"other quotes":                httpText(`{'email':'alice@example.org','password':'x'}`),
		"a line break in a text":      httpText("{\"email\":\"alice@example.org\",\"password\":\"x\n\"}"),
		"something behind it":         httpText(httpObject("email", h.alice.Email, "password", httpPassword) + "\x00"),
	}
	for name, with := range malformed {
		t.Run(name, func(t *testing.T) {
			h.attack(t, "POST", httpUsers+"/login", with).expect(t, 400, "malformed_body")
		})
	}
	for name, guess := range map[string][2]string{
		"NUL behind the password":   {h.alice.Email, httpPassword + "\x00"},
		"NUL and more":              {h.alice.Email, httpPassword + "\x00more"},
		"NUL behind the email":      {h.alice.Email + "\x00", httpPassword},
		"NUL before another email":  {h.alice.Email + "\x00@evil.example", httpPassword},
		"the beginning":             {h.alice.Email, httpPassword[:8]},
		"a blank more":              {h.alice.Email, httpPassword + " "},
		"in another case":           {h.alice.Email, strings.ToUpper(httpPassword)},
		"a pattern for the email":   {"%@example.org", httpPassword},
		"a pattern of one letter":   {"alic_@example.org", httpPassword},
		"SQL":                       {"' OR '1'='1' --", httpPassword},
		"Redis":                     {"alice@example.org\r\nFLUSHALL\r\n", httpPassword},
		"a line break in the email": {"alice@example.org\nBcc: eve@example.org", httpPassword},
	} {
		t.Run(name, func(t *testing.T) {
			h.attack(t, "POST", httpUsers+"/login", httpJSON("email", guess[0], "password", guess[1])).expect(t, 401, "invalid_credentials")
		})
	}
	h.unharmed(t)
	h.alice = replaced
	h.unharmed(t)
}

// TestHTTPBounds: bodies that cost more than they are worth. Lost would be the memory and the time of everybody else.
func TestHTTPBounds(t *testing.T) {
	h := httpOpen(t)
	part := "--b\r\nContent-Disposition: form-data; name=\"email\"\r\n"
	multipart := func(content string) httpOption {
		return httpBody("multipart/form-data; boundary=b", content+"--b--\r\n")
	}
	for name, c := range map[string]struct {
		with   httpOption
		status int
		code   string
	}{
		"deep objects":           {httpText(strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000)), 400, "malformed_body"},
		"deep lists":             {httpText(`{"a":` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + `}`), 400, "malformed_body"},
		"many names":             {httpText(`{"a":[` + strings.Repeat(`{"":1},`, 9000) + `1]}`), 400, "malformed_body"},
		"many fields":            {httpBody("application/x-www-form-urlencoded", strings.Repeat("a&", 30000)), 400, "malformed_body"},
		"a long body":            {httpText(strings.Repeat(" ", 64<<10+1)), 413, "body_too_large"},
		"a long form":            {httpBody("application/x-www-form-urlencoded", strings.Repeat("a", 64<<10+1)), 413, "body_too_large"},
		"a long email":           {httpJSON("email", strings.Repeat("a", 60<<10), "password", "x"), 400, "validation_failed"},
		"a long password":        {httpJSON("email", "alice@example.org", "password", strings.Repeat("a", 60<<10)), 400, "validation_failed"},
		"many parts":             {multipart(strings.Repeat("--b\r\n\r\n\r\n", 65)), 400, "malformed_body"},
		"a long header":          {multipart(part + "X: " + strings.Repeat("x", 1<<20) + "\r\n\r\na\r\n"), 400, "malformed_body"},
		"many headers":           {multipart(part + strings.Repeat("X: x\r\n", 50000) + "\r\na\r\n"), 400, "malformed_body"},
		"no end of the preamble": {httpBody("multipart/form-data; boundary=b", strings.Repeat("preamble\r\n", 100000)), 400, "malformed_body"},
		"a long boundary":        {httpBody("multipart/form-data; boundary="+strings.Repeat("b", 8<<10), "x"), 400, "malformed_body"},
		"a long multipart":       {multipart(strings.Replace(part, "email", "x", 1) + "\r\n" + strings.Repeat("x", 13<<20) + "\r\n"), 413, "body_too_large"},
	} {
		t.Run(name, func(t *testing.T) {
			h.attack(t, "POST", httpUsers+"/register", c.with).expect(t, c.status, c.code)
		})
	}
	h.unharmed(t)
}

// TestHTTPCompressedBodies: a body that unpacks to a thousand times its size. Lost would be the memory of everybody else.
func TestHTTPCompressedBodies(t *testing.T) {
	h := httpOpen(t)
	pack := func(text string) string {
		var out bytes.Buffer
		w := gzip.NewWriter(&out) // into memory: cannot fail
		_, _ = w.Write([]byte(text))
		_ = w.Close()
		return out.String()
	}
	right := httpObject("email", h.alice.Email, "password", httpPassword)
	for name, with := range map[string][]httpOption{
		"a bomb":                               {httpText(pack(strings.Repeat(" ", 16<<20) + right)), httpHeader("Content-Encoding", "gzip")},
		"a small one":                          {httpText(pack(right)), httpHeader("Content-Encoding", "gzip")},
		"another coding":                       {httpText(right), httpHeader("Content-Encoding", "br")},
		"two codings":                          {httpText(pack(pack(right))), httpHeader("Content-Encoding", "gzip, gzip")},
		"two headers":                          {httpText(pack(right)), httpHeader("Content-Encoding", "identity"), httpHeader("Content-Encoding", "gzip")},
		"as a media type":                      {httpBody("application/gzip", pack(right))},
		"two types, of which one is looked at": {httpText(right), httpHeader("Content-Type", "text/plain")},
	} {
		t.Run(name, func(t *testing.T) {
			h.attack(t, "POST", httpUsers+"/login", with...).expect(t, 415, "unsupported_media_type")
		})
	}
	h.attack(t, "POST", httpUsers+"/login", httpText(pack(right))).expect(t, 400, "malformed_body") // and said to be JSON
	h.unharmed(t)
}
