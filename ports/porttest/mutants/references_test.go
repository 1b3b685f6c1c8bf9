package mutants

import (
	"reflect"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
)

// TestUsersShareNothing says why no rule asks whether a user who was passed in or handed out is a copy, and why sessions
// are asked for in slices alone: there is nothing in them by which two holders of one could change it for each other.
func TestUsersShareNothing(t *testing.T) {
	for _, of := range []reflect.Type{reflect.TypeFor[domain.User](), reflect.TypeFor[domain.Session]()} {
		for i := range of.NumField() {
			if field := of.Field(i); !isValue(field.Type) {
				t.Errorf("%s.%s may be shared: that it is not needs a rule", of.Name(), field.Name)
			}
		}
	}
}

// isValue reports whether a copy of a value of that type has nothing in common with it that can be changed.
func isValue(of reflect.Type) bool {
	switch of {
	case reflect.TypeFor[time.Time](), reflect.TypeFor[domain.Secret]():
		return true // they point to what never changes
	}
	switch of.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Chan, reflect.Func, reflect.Interface, reflect.UnsafePointer:
		return false
	case reflect.Array:
		return isValue(of.Elem())
	case reflect.Struct:
		for i := range of.NumField() {
			if !isValue(of.Field(i).Type) {
				return false
			}
		}
	}
	return true
}
