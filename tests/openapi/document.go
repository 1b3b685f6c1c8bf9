// Package openapi holds what passes between a client and the service against the OpenAPI document: a route, a status, a
// code or a field that is not in it is a fault, of the document or of the service.
package openapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/latchkey-auth/latchkey/adapters/web"
)

// Document is an OpenAPI document that exchanges are held against.
type Document struct {
	router     routers.Router
	components any      // as they stand in the document
	compiled   sync.Map // from *openapi3.Schema to *jsonschema.Schema
	// nowhere is what every path answers that is not in the document, otherwise what its paths answer to other methods, or
	// where the settings are without them.
	nowhere, otherwise *routers.Route
}

// Latchkey is the document that the service serves.
var Latchkey = sync.OnceValues(func() (*Document, error) { return Load(web.OpenAPI()) })

// Load reads a document.
func Load(text []byte) (*Document, error) {
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		return nil, err
	}
	closeRequests(doc)
	var raw struct{ Components any }
	d := &Document{}
	if d.router, err = gorillamux.NewRouter(doc); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil, err
	}
	d.components = raw.Components
	if d.nowhere, err = routeOf(doc, "ForbiddenOrigin", "NotFound"); err != nil {
		return nil, err
	}
	d.otherwise, err = routeOf(doc, "ForbiddenOrigin", "NotFound", "MethodNotAllowed")
	return d, err
}

// closeRequests takes away what the document leaves to clients, that they may send other fields too: what a test sends,
// and has a success for, is to be in the document.
func closeRequests(doc *openapi3.T) {
	for _, item := range doc.Paths.Map() {
		for _, operation := range item.Operations() {
			if operation.RequestBody == nil {
				continue
			}
			for _, media := range operation.RequestBody.Value.Content {
				media.Schema.Value.AdditionalProperties = openapi3.AdditionalProperties{Has: new(false)}
			}
		}
	}
}

// general are the document's responses that are not of one route.
var general = map[string]int{
	"ForbiddenOrigin":  http.StatusForbidden,
	"NotFound":         http.StatusNotFound,
	"MethodNotAllowed": http.StatusMethodNotAllowed,
}

// routeOf is a route that answers nothing but these of the general responses.
func routeOf(doc *openapi3.T, names ...string) (*routers.Route, error) {
	components, operation := doc.Components, openapi3.NewOperation()
	if components == nil {
		components = &openapi3.Components{}
	}
	for _, name := range names {
		response := components.Responses[name]
		if response == nil {
			return nil, fmt.Errorf("the document has no response %s", name)
		}
		operation.AddResponse(general[name], response.Value)
	}
	return &routers.Route{Spec: doc, PathItem: &openapi3.PathItem{}, Operation: operation}, nil
}

// What the library reads by itself is JSON, forms and files of no type.
func init() {
	for _, picture := range []string{"image/png", "image/jpeg", "image/gif", "image/webp"} {
		openapi3filter.RegisterBodyDecoder(picture, openapi3filter.FileBodyDecoder)
	}
}
