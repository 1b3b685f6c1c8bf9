package mongo

import (
	"fmt"
	"time"
	"unicode/utf8"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/latchkey-auth/latchkey/domain"
)

// What is stored may have been written by others. A field that is missing, or of another type than it should be, reads
// as if it were not given; only where that would be taken for something that it is not, it is an error.

// text is a text field.
func text(doc bson.Raw, field string) string { return textOf(doc.Lookup(field)) }

func textOf(v bson.RawValue) string {
	if s, ok := v.StringValueOK(); ok {
		return s
	}
	subtype, b, _ := v.BinaryOK()
	if subtype != bson.TypeBinaryGeneric {
		return "" // an UUID, say
	}
	return string(b)
}

// moment is a date field.
func moment(doc bson.Raw, field string) time.Time {
	ms, ok := doc.Lookup(field).DateTimeOK()
	if !ok {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// integer is a number field, of whatever type of number. Clients of MongoDB write what their language has.
func integer(doc bson.Raw, field string) (int64, error) {
	v := doc.Lookup(field)
	if v.IsZero() {
		return 0, nil
	}
	n, ok := v.AsInt64OK()
	if !ok {
		return 0, fmt.Errorf("%s is a %s, and no number", field, v.Type)
	}
	return n, nil
}

// given is the text as BSON, nil where there is none.
func given(s string) any {
	if s == "" {
		return nil
	}
	return textValue(s)
}

// textValue is the text as BSON: a string, or the bytes where they are no UTF-8, as that of a string has to be.
func textValue(s string) any {
	if !utf8.ValidString(s) {
		return bson.Binary{Data: []byte(s)}
	}
	return s
}

// date is the time as BSON, nil where there is none.
func date(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return bson.DateTime(t.UnixMilli())
}

// count is the number as BSON, nil where nothing was counted.
func count(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

// idValue is a user's id as BSON: an ObjectId where it has the form of one, as all have that Mongoose or Latchkey made.
func idValue(id domain.UserID) any {
	oid, err := bson.ObjectIDFromHex(string(id))
	if err == nil && oid.Hex() == string(id) {
		return oid
	}
	return textValue(string(id))
}

func userID(v bson.RawValue) domain.UserID {
	if oid, ok := v.ObjectIDOK(); ok {
		return domain.UserID(oid.Hex())
	}
	return domain.UserID(textOf(v))
}

// only is the fields of a document that have a value.
func only(fields bson.D) bson.D {
	var doc bson.D
	for _, f := range fields {
		if f.Value != nil {
			doc = append(doc, f)
		}
	}
	return doc
}
