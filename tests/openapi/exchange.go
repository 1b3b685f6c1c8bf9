package openapi

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// Exchange is a request and its answer.
type Exchange struct {
	Request *http.Request // without its body, which is Sent
	Sent    []byte
	Status  int
	Header  http.Header
	Body    []byte
}

// fault is an error about a part of the exchange, with what it needs to be found.
func (x Exchange) fault(part string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %s, %d: the %s is not in the OpenAPI document: %w", x.Request.Method, x.Request.URL.Path, x.Status, part, err)
}

// CheckRequest says what of a request is not in the document: its route, its credentials, its parameters, its body. One
// that is refused may be any.
func (d *Document) CheckRequest(x Exchange) error {
	if x.Status >= http.StatusBadRequest || x.isPermission() {
		return nil
	}
	in, err := d.input(x)
	if err != nil {
		return err
	}
	return errors.Join(unknownParameters(in), unknownFormFields(in, x.Sent), openapi3filter.ValidateRequest(context.Background(), in))
}

// input is the request as the library wants it, with its route.
func (d *Document) input(x Exchange) (*openapi3filter.RequestValidationInput, error) {
	request := x.Request.Clone(context.Background())
	request.Body, request.ContentLength = io.NopCloser(bytes.NewReader(x.Sent)), int64(len(x.Sent))
	if request.Method == http.MethodHead && x.Status != http.StatusMethodNotAllowed {
		request.Method = http.MethodGet // without a body, it is the same (RFC 9110, section 9.3.2)
	}
	route, params, err := d.find(request)
	if err != nil {
		return nil, err
	}
	in := &openapi3filter.RequestValidationInput{Request: request, PathParams: params, Route: route, Options: &openapi3filter.Options{
		AuthenticationFunc: presented, SkipSettingDefaults: true, RejectWhenRequestBodyNotSpecified: true,
	}}
	in.Options.WithCustomSchemaErrorFunc(reason)
	return in, nil
}

func (d *Document) find(r *http.Request) (*routers.Route, map[string]string, error) {
	route, params, err := d.router.FindRoute(r)
	switch {
	case errors.Is(err, routers.ErrPathNotFound):
		return d.nowhere, nil, nil
	case errors.Is(err, routers.ErrMethodNotAllowed):
		return d.otherwise, nil, nil
	}
	return route, params, err
}

// isPermission reports whether a browser asked for permission (CORS) and has it, which no document describes.
func (x Exchange) isPermission() bool {
	return x.Request.Method == http.MethodOptions && x.Request.Header.Get("Access-Control-Request-Method") != "" &&
		x.Status == http.StatusNoContent && len(x.Body) == 0
}

// uncompressed is the body of the answer.
func (x Exchange) uncompressed() ([]byte, error) {
	if x.Header.Get("Content-Encoding") != "gzip" {
		return x.Body, nil
	}
	r, err := gzip.NewReader(bytes.NewReader(x.Body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// unknownParameters says which parts of the query are not documented.
func unknownParameters(in *openapi3filter.RequestValidationInput) error {
	for name := range in.Request.URL.Query() {
		if in.Route.Operation.Parameters.GetByInAndName(openapi3.ParameterInQuery, name) == nil {
			return fmt.Errorf("the parameter %q is not documented", name)
		}
	}
	return nil
}

// unknownFormFields says which fields of a form are not documented: the library passes over them.
func unknownFormFields(in *openapi3filter.RequestValidationInput, sent []byte) error {
	const form = "application/x-www-form-urlencoded"
	takes := in.Route.Operation.RequestBody
	if mediaType, _, _ := mime.ParseMediaType(in.Request.Header.Get("Content-Type")); mediaType != form || takes == nil || takes.Value.Content[form] == nil {
		return nil
	}
	fields, err := url.ParseQuery(string(sent))
	for name := range fields {
		if takes.Value.Content[form].Schema.Value.Properties[name] == nil {
			return fmt.Errorf("the field %q is not documented", name)
		}
	}
	return err
}

// presented says whether a request that was let in has credentials of a kind that the document names.
func presented(_ context.Context, in *openapi3filter.AuthenticationInput) error {
	request := in.RequestValidationInput.Request
	switch scheme := in.SecurityScheme; scheme.Type {
	case "http":
		kind, _, _ := strings.Cut(request.Header.Get("Authorization"), " ")
		if strings.EqualFold(kind, scheme.Scheme) {
			return nil
		}
	case "apiKey":
		if _, err := request.Cookie(scheme.Name); err == nil {
			return nil
		}
	}
	return fmt.Errorf("there is no %s", in.SecuritySchemeName)
}

// reason is what is wrong, in one line, without the schema and the value.
func reason(e *openapi3.SchemaError) string { return strings.Join(strings.Fields(e.Reason), " ") }
