package contract_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
	"testing"
)

// TestBodiesOfEveryKind: what was registered by one signs in by another, and unknown fields are nobody's business.
func TestBodiesOfEveryKind(t *testing.T) {
	s := open(t)
	s.Watch.AllowAnyRequest() // fields that no route knows are the point
	extra := fields{"isAdmin": "true", "_id": "1", "Email": "other@example.org"}
	for kind, encode := range map[string]func(fields) option{
		"JSON":              asJSON,
		"form":              asForm,
		"multipart":         func(f fields) option { return asMultipart(f, nil) },
		"multipart, a file": func(f fields) option { return asMultipart(f, map[string][]byte{"resume": []byte("unknown")}) },
	} {
		t.Run(kind, func(t *testing.T) {
			person := newcomer()
			typed := person
			for name, value := range extra {
				typed = typed.but(name, value)
			}
			registered := decode[user](t, s.send(t, "POST", "/register", encode(typed)).expect(t, http.StatusCreated, "").Data)
			now := registered.CreatedAt
			want := user{ID: registered.ID, Username: person["username"], Fullname: person["fullname"], Email: person["email"], CreatedAt: now, UpdatedAt: now}
			if registered != want || registered.ID == "1" {
				t.Errorf("registered as %+v, want %+v", registered, want)
			}
			for _, encode := range []func(fields) option{asJSON, asForm} {
				in := decode[signedIn](t, s.send(t, "POST", "/login", encode(typed.but("Email", "x"))).expect(t, http.StatusOK, "").Data)
				s.send(t, "PATCH", "/me", encode(fields{"fullname": "Ünï Cödé & Sons"}), bearer(in.AccessToken)).expect(t, http.StatusOK, "")
				s.send(t, "POST", "/change-password", encode(fields{"oldPassword": passphrase, "newPassword": passphrase}), bearer(in.AccessToken)).expect(t, http.StatusOK, "")
			}
			in := s.signIn(t, person)
			if in.User.Fullname != "Ünï Cödé & Sons" {
				t.Errorf("changed to %q", in.User.Fullname)
			}
			s.send(t, "DELETE", "/me", encode(fields{"password": passphrase}), bearer(in.AccessToken))
		})
	}
}

func TestBodiesThatAreTakenAsMeant(t *testing.T) {
	s := open(t)
	person := newcomer()
	whole := `{"email":"` + person["email"] + `","password":"` + passphrase + `"}`
	s.send(t, "POST", "/register", body("application/json; charset=utf-8", []byte(whole)), chunked).expect(t, http.StatusCreated, "")
	s.send(t, "POST", "/login", body("Application/JSON", []byte(" \n"+whole+"\n"))).expect(t, http.StatusOK, "")
	for _, empty := range []option{text(`{}`), text(``), asForm(nil), text(`{"email":null,"password":null}`), func(*http.Request) {}} {
		s.send(t, "POST", "/login", empty).expect(t, http.StatusBadRequest, "validation_failed").blames(t, "email", "password")
	}
}

func TestBodiesThatAreMalformed(t *testing.T) {
	s := open(t)
	multipart := func(content string) option { return body("multipart/form-data; boundary=b", []byte(content)) }
	const part = "--b\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\na@example.org\r\n"
	for name, with := range map[string]option{
		"no JSON":                        text(`email=a@example.org`),
		"a list":                         text(`[]`),
		"a text":                         text(`"email"`),
		"null":                           text(`null`),
		"two objects":                    text(`{}{}`),
		"cut short":                      text(`{"email":"a@example.org"`),
		"a number":                       text(`{"email":1}`),
		"an object":                      text(`{"email":{"$gt":""}}`),
		"a list of texts":                text(`{"email":["a@example.org"]}`),
		"true":                           text(`{"password":true}`),
		"a name twice":                   text(`{"email":"a@example.org","email":"b@example.org"}`),
		"an unknown name twice":          text(`{"x":1,"x":2}`),
		"half of a surrogate pair":       text(`{"email":"\ud800"}`),
		"no UTF-8":                       text("{\"email\":\"\xff\"}"),
		"a form: a field twice":          body("application/x-www-form-urlencoded", []byte("email=a&email=b")),
		"a form: a bad escape":           body("application/x-www-form-urlencoded", []byte("email=%zz")),
		"a form: no UTF-8":               body("application/x-www-form-urlencoded", []byte("email=%ff")),
		"multipart: no boundary":         body("multipart/form-data", []byte(part)),
		"multipart: broken off":          multipart(part),
		"multipart: a field twice":       multipart(part + part + "--b--\r\n"),
		"multipart: no UTF-8":            multipart(strings.Replace(part, "a@example.org", "\xff", 1) + "--b--\r\n"),
		"multipart: more parts than fit": multipart(strings.Repeat(strings.Replace(part, "email", "x", 1), 65) + "--b--\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			s.send(t, "POST", "/register", with).expect(t, http.StatusBadRequest, "malformed_body").blames(t)
		})
	}
}

func TestBodiesOfUnsupportedTypes(t *testing.T) {
	s := open(t)
	in := s.caller(t)
	content := []byte(`{"email":"a@example.org"}`)
	for _, mediaType := range []string{"", "text/plain", "application/xml", "application/json+x", "rubbish"} {
		s.send(t, "POST", "/login", body(mediaType, content)).expect(t, http.StatusUnsupportedMediaType, "unsupported_media_type").blames(t)
		s.send(t, "POST", "/register", body(mediaType, content)).expect(t, http.StatusUnsupportedMediaType, "unsupported_media_type")
	}
	s.send(t, "POST", "/login", body("image/png", make([]byte, 64<<10+1))).expect(t, http.StatusUnsupportedMediaType, "unsupported_media_type")
	s.send(t, "POST", "/login", asMultipart(newcomer(), nil)).expect(t, http.StatusUnsupportedMediaType, "unsupported_media_type")
	s.send(t, "PATCH", "/me/avatar", asJSON(fields{"avatar": "x"}), bearer(in.AccessToken)).expect(t, http.StatusUnsupportedMediaType, "unsupported_media_type")
}

// TestFilesThatWereNotChosen: a form sends an empty file without a name, and a script that appends undefined a text.
func TestFilesThatWereNotChosen(t *testing.T) {
	s := open(t)
	s.Watch.AllowAnyRequest() // what is no picture is the point
	for _, disposition := range []string{`form-data; name="avatar"; filename=""`, `form-data; name="avatar"`} {
		person := newcomer()
		var out bytes.Buffer
		w := multipart.NewWriter(&out) // into memory: cannot fail
		for name, value := range person {
			_ = w.WriteField(name, value)
		}
		part, _ := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {disposition}})
		_, _ = part.Write([]byte("undefined"))
		_ = w.Close()
		a := s.send(t, "POST", "/register", body(w.FormDataContentType(), out.Bytes())).expect(t, http.StatusCreated, "")
		if registered := decode[user](t, a.Data); registered.Avatar != "" {
			t.Errorf("%s became %s", disposition, registered.Avatar)
		}
	}
}

// TestLogoutDoesWithoutABody that it cannot read: a browser that leaves the page sends text.
func TestLogoutDoesWithoutABody(t *testing.T) {
	s := open(t)
	s.Watch.AllowAnyRequest() // bodies that cannot be read are the point
	for _, with := range []option{body("text/plain;charset=UTF-8", []byte("bye")), text(`[]`), text(`{"refreshToken":1}`), asMultipart(fields{"x": "y"}, nil)} {
		in := s.caller(t)
		s.send(t, "POST", "/logout", with, bearer(in.AccessToken)).expect(t, http.StatusOK, "").sets(t, cleared("", "HttpOnly; Secure; SameSite=Lax"))
		s.send(t, "GET", "/me", bearer(in.AccessToken)).expect(t, http.StatusUnauthorized, "session_ended")
	}
}

// TestBodiesOfAnySize: a body is taken up to its limit, and refused by one byte more, told or not told in advance.
func TestBodiesOfAnySize(t *testing.T) {
	s := open(t)
	person := s.register(t)
	access := bearer(s.signIn(t, person).AccessToken)
	login := []byte(`{"email":"` + person["email"] + `","password":"` + passphrase + `"}`)
	for size, status := range map[int]int{64 << 10: http.StatusOK, 64<<10 + 1: http.StatusRequestEntityTooLarge, 1 << 20: http.StatusRequestEntityTooLarge} {
		padded := body("application/json", slices.Concat(login, bytes.Repeat([]byte(" "), size-len(login))))
		for _, with := range [][]option{{padded}, {padded, chunked}} {
			if a := s.send(t, "POST", "/login", with...); a.status != status || a.Code != "" && a.Code != "body_too_large" {
				t.Errorf("%d bytes: %d %s", size, a.status, a.raw)
			}
		}
	}
	for size, status := range map[int]int{5 << 20: http.StatusOK, 5<<20 + 1: http.StatusRequestEntityTooLarge, 20 << 20: http.StatusRequestEntityTooLarge} {
		padded := append(picture(), make([]byte, size-len(picture()))...)
		if a := s.send(t, "PATCH", "/me/avatar", asMultipart(nil, map[string][]byte{"avatar": padded}), access); a.status != status || a.Code != "" && a.Code != "body_too_large" {
			t.Errorf("an image of %d bytes: %d %s", size, a.status, a.raw)
		}
	}
	a := s.send(t, "POST", "/register", asMultipart(newcomer(), map[string][]byte{"unknown": make([]byte, 13<<20)}))
	a.expect(t, http.StatusRequestEntityTooLarge, "body_too_large")
	a = s.send(t, "POST", "/register", asMultipart(newcomer().but("fullname", strings.Repeat("x", 64<<10)), nil))
	a.expect(t, http.StatusRequestEntityTooLarge, "body_too_large")
}
