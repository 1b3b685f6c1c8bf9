package mongo

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"go.mongodb.org/mongo-driver/v2/bson"
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

// moment is a date field: a date, or what back ends store instead of one, a text or milliseconds since 1970. It is zero
// where no date can be made of it.
func moment(doc bson.Raw, field string) time.Time {
	v := doc.Lookup(field)
	if ms, ok := v.DateTimeOK(); ok {
		return time.UnixMilli(ms).UTC()
	}
	if seconds, _, ok := v.TimestampOK(); ok {
		return time.Unix(int64(seconds), 0).UTC()
	}
	if ms, ok := v.AsInt64OK(); ok && ms != 0 {
		return time.UnixMilli(ms).UTC()
	}
	return parseDate(textOf(v))
}

// textDates are the forms in which JavaScript writes a date: toISOString, a date alone, toString, toUTCString.
var textDates = []string{time.RFC3339, time.DateOnly, "Mon Jan 02 2006 15:04:05 GMT-0700", time.RFC1123}

func parseDate(text string) time.Time {
	text, _, _ = strings.Cut(text, " (") // toString ends with the name of the time zone
	for _, layout := range textDates {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

// integer is a number field, of whatever type of number. Clients of MongoDB write what their language has.
func integer(doc bson.Raw, field string) (int64, error) {
	v := doc.Lookup(field)
	if v.IsZero() {
		return 0, nil
	}
	n, ok := v.AsInt64OK()
	if !ok {
		return 0, fmt.Errorf("%s is a %s, not a number", field, v.Type)
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

// dateOrNull is the time as BSON, null where there is none. A missing field would read as the time in the ObjectId.
func dateOrNull(t time.Time) any {
	if t.IsZero() {
		return bson.Null{}
	}
	return date(t)
}

// count is the number as BSON, nil where nothing was counted.
func count(n int64) any {
	if n == 0 {
		return nil
	}
	return n
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
