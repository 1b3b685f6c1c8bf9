package web_test

import (
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/latchkey-auth/latchkey/adapters/web"
	"github.com/latchkey-auth/latchkey/domain"
)

func document(t *testing.T) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(web.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestTheDocumentIsOpenAPI31AndItsExamplesKeepToIt(t *testing.T) {
	doc := document(t)
	if !strings.HasPrefix(doc.OpenAPI, "3.1.") {
		t.Errorf("openapi is %q, want 3.1", doc.OpenAPI)
	}
	if err := doc.Validate(t.Context(), openapi3.EnableExamplesValidation(), openapi3.EnableSchemaPatternValidation()); err != nil {
		t.Error(err)
	}
}

// Every success and every failure is closed: a field that is not in the document does not pass.
func TestAnUnknownFieldInAnAnswerDoesNotPass(t *testing.T) {
	doc := document(t)
	for path, item := range doc.Paths.Map() {
		for method, operation := range item.Operations() {
			for status, response := range operation.Responses.Map() {
				media := response.Value.Content["application/json"]
				if media == nil || len(examplesOf(media)) == 0 {
					continue
				}
				for _, example := range examplesOf(media) {
					if err := visit(media, example); err != nil {
						t.Fatalf("%s %s, %s: the example itself: %v", method, path, status, err)
					}
					for _, spoilt := range spoil(example) {
						if visit(media, spoilt) == nil {
							t.Errorf("%s %s, %s: passes with an unknown field: %v", method, path, status, spoilt)
						}
					}
				}
			}
		}
	}
}

func visit(media *openapi3.MediaType, value any) error {
	return media.Schema.Value.VisitJSON(value, openapi3.EnableJSONSchema2020(), openapi3.VisitAsResponse())
}

func examplesOf(media *openapi3.MediaType) []any {
	var all []any
	if media.Example != nil {
		all = append(all, media.Example)
	}
	for _, example := range media.Examples {
		all = append(all, example.Value.Value)
	}
	return all
}

// spoil is the value once for each object in it, with a field more in that object.
func spoil(value any) []any {
	var all []any
	switch value := value.(type) {
	case map[string]any:
		more := maps.Clone(value)
		more["unheardOf"] = true
		all = append(all, more)
		for name, member := range value {
			for _, spoilt := range spoil(member) {
				with := maps.Clone(value)
				with[name] = spoilt
				all = append(all, with)
			}
		}
	case []any:
		for i, element := range value {
			for _, spoilt := range spoil(element) {
				with := slices.Clone(value)
				with[i] = spoilt
				all = append(all, with)
			}
		}
	}
	return all
}

// Every operation answers a failure that a client can meet on it with the code that says so.
func TestEveryDomainErrorIsInTheDocument(t *testing.T) {
	doc := document(t)
	codes := doc.Components.Schemas["Code"].Value.Enum
	for _, e := range []*domain.Error{
		domain.ErrInvalidCredentials, domain.ErrUserNotFound, domain.ErrTokenMissing, domain.ErrTokenInvalid,
		domain.ErrTokenExpired, domain.ErrTokenReused, domain.ErrSessionNotFound, domain.ErrUnavailable,
		domain.Invalid("", ""), domain.ImageInvalid("", ""), domain.UserExists(), domain.TooManyAttempts(0),
		domain.Busy(0), domain.SessionEnded(""),
	} {
		if !slices.Contains(codes, any(string(e.Code))) {
			t.Errorf("the code %s is missing", e.Code)
		}
	}
}

func TestEveryEndReasonIsInTheDocument(t *testing.T) {
	reasons := document(t).Components.Schemas["Session"].Value.Properties["endReason"].Value.Enum
	for _, reason := range []domain.EndReason{
		domain.EndSignedOut, domain.EndRevoked, domain.EndReused, domain.EndPasswordChanged, domain.EndTooMany,
	} {
		if !slices.Contains(reasons, any(string(reason))) {
			t.Errorf("the reason %s is missing", reason)
		}
	}
}

// What a browser is served beside the assets is in the document too.
func TestEveryPageIsInTheDocument(t *testing.T) {
	doc := document(t)
	for _, page := range web.New().Paths() {
		folder, _ := path.Split(page)
		if doc.Paths.Value(page) == nil && (folder == "/" || doc.Paths.Value(folder+"{name}") == nil) {
			t.Errorf("%s is missing", page)
		}
	}
}

func TestEveryOperationIsDocumented(t *testing.T) {
	seen := map[string]bool{}
	for path, item := range document(t).Paths.Map() {
		for method, operation := range item.Operations() {
			if operation.Summary == "" || operation.OperationID == "" || len(operation.Tags) != 1 || operation.Security == nil {
				t.Errorf("%s %s: summary, operationId, one tag and security are needed", method, path)
			}
			if seen[operation.OperationID] {
				t.Errorf("the operationId %s comes twice", operation.OperationID)
			}
			seen[operation.OperationID] = true
			if operation.Responses.Value("403") == nil {
				t.Errorf("%s %s: may be refused as forbidden_origin", method, path)
			}
		}
	}
}

func TestOpenAPIHandsOutACopy(t *testing.T) {
	clear(web.OpenAPI())
	if !json.Valid(web.OpenAPI()) {
		t.Error("a caller changed the document")
	}
}
