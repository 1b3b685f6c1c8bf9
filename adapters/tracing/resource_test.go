package tracing

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// TestAttributesThatCannotBeReadAreRefused, without saying what they are: a key may be among them.
func TestAttributesThatCannotBeReadAreRefused(t *testing.T) {
	for value, want := range map[string]error{"password:hunter2,foo": ErrAttributes, "a=1,hunter2": ErrAttributes, "a=1,b=2": nil, "": nil} {
		t.Setenv("OTEL_RESOURCE_ATTRIBUTES", value)
		var log bytes.Buffer
		tracer, err := newTracer(t.Context(), clientOf(t, &log), nil)
		if !errors.Is(err, want) || err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", value, err)
		}
		tracer.Close()
	}
}
