package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// CheckAnswer says what of an answer is not in the document, for the route that it comes from: its status, its header, its
// fields, and the code of a failure.
func (d *Document) CheckAnswer(x Exchange) error {
	if x.isPermission() {
		return nil
	}
	in, err := d.input(x)
	if err != nil {
		return err
	}
	response := in.Route.Operation.Responses.Status(x.Status)
	if response == nil {
		return fmt.Errorf("the status %d is not documented", x.Status)
	}
	return errors.Join(d.checkHeader(response.Value, x.Header), d.checkBody(response.Value, x))
}

func (d *Document) checkHeader(response *openapi3.Response, header http.Header) error {
	for name, documented := range response.Headers {
		value := header.Get(name)
		if value == "" && documented.Value.Required {
			return fmt.Errorf("the header %s is missing", name)
		}
		if value == "" {
			continue
		}
		var typed any = value
		if documented.Value.Schema.Value.Type.Is(openapi3.TypeInteger) {
			typed = json.Number(value)
		}
		if err := d.checkValue(documented.Value.Schema.Value, typed); err != nil {
			return fmt.Errorf("the header %s is %q: %w", name, value, err)
		}
	}
	return nil
}

func (d *Document) checkBody(response *openapi3.Response, x Exchange) error {
	if x.Request.Method == http.MethodHead || len(x.Body) == 0 && len(response.Content) == 0 {
		return nil
	}
	contentType := x.Header.Get("Content-Type")
	media := response.Content.Get(contentType)
	if media == nil {
		return fmt.Errorf("no body of the type %q is documented", contentType)
	}
	if media.Schema == nil {
		return nil
	}
	body, err := x.uncompressed()
	if err != nil {
		return err
	}
	var value any = string(body)
	if mediaType, _, _ := mime.ParseMediaType(contentType); strings.HasSuffix(mediaType, "json") {
		if value, err = jsonschema.UnmarshalJSON(bytes.NewReader(body)); err != nil {
			return fmt.Errorf("the body is no JSON: %w", err)
		}
	}
	return d.checkValue(media.Schema.Value, value)
}

// checkValue validates a value. What kin-openapi does for this, with the same library, is to compile the schema each time:
// that takes a millisecond, and so most of the time of tests that send many requests.
func (d *Document) checkValue(schema *openapi3.Schema, value any) error {
	compiled, ok := d.compiled.Load(schema)
	if !ok {
		fresh, err := d.compile(schema)
		if err != nil {
			return fmt.Errorf("the document: %w", err)
		}
		compiled, _ = d.compiled.LoadOrStore(schema, fresh)
	}
	if err := compiled.(*jsonschema.Schema).Validate(value); err != nil {
		_, faults, _ := strings.Cut(err.Error(), "\n") // the first line names the schema
		return errors.New(strings.Join(strings.Fields(faults), " "))
	}
	return nil
}

// compile reads a schema by the rules of JSON Schema 2020-12, which are those of OpenAPI 3.1, beside the components that it
// refers to.
func (d *Document) compile(schema *openapi3.Schema) (*jsonschema.Schema, error) {
	text, err := json.Marshal(schema)
	if err != nil {
		return nil, err
	}
	whole := map[string]any{}
	if err := json.Unmarshal(text, &whole); err != nil {
		return nil, err
	}
	whole["components"] = d.components
	const name = "schema.json"
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource(name, whole); err != nil {
		return nil, err
	}
	return compiler.Compile(name)
}
