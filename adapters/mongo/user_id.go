package mongo

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/latchkey-auth/latchkey/domain"
)

// Back ends store the _id of a user as an ObjectId, and some as a string, an integer or a UUID. Each reads as the text
// that people know it by: 24 hexadecimal digits, the string itself, decimal digits, or a UUID in the form of RFC 9562.
// Latchkey looks a text up in every form that reads as it. The start refuses a collection in which two _ids read alike.

// idValue is the form in which Latchkey stores an id: an ObjectId if it looks like one, else a string.
func idValue(id domain.UserID) any { return idForms(id)[0] }

// idForms are the BSON values that read as the id, the likeliest first.
func idForms(id domain.UserID) []any {
	text := string(id)
	if oid, err := bson.ObjectIDFromHex(text); err == nil && oid.Hex() == text {
		return []any{oid, text}
	}
	forms := []any{textValue(text)}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && strconv.FormatInt(n, 10) == text {
		forms = append(forms, n)
	}
	if bytes, err := hex.DecodeString(strings.ReplaceAll(text, "-", "")); err == nil && uuidText(bytes) == text {
		for _, subtype := range []byte{bson.TypeBinaryUUID, bson.TypeBinaryUUIDOld} {
			forms = append(forms, bson.Binary{Subtype: subtype, Data: bytes})
		}
	}
	return forms
}

// lookups are the filters that together find a user by id: one for the likeliest form, which takes the shortest path
// in every engine, and one for all others.
func lookups(id domain.UserID) []bson.D {
	forms := idForms(id)
	filters := []bson.D{{{Key: "_id", Value: forms[0]}}}
	if len(forms) > 1 {
		filters = append(filters, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: forms[1:]}}}})
	}
	return filters
}

// readUserID is the id that an _id reads as, "" for a value of any other type.
func readUserID(v bson.RawValue) domain.UserID {
	if oid, ok := v.ObjectIDOK(); ok {
		return domain.UserID(oid.Hex())
	}
	if n, ok := v.AsInt64OK(); ok && isWhole(v, n) {
		return domain.UserID(strconv.FormatInt(n, 10))
	}
	subtype, data, _ := v.BinaryOK()
	if subtype == bson.TypeBinaryUUID || subtype == bson.TypeBinaryUUIDOld {
		return domain.UserID(uuidText(data))
	}
	return domain.UserID(textOf(v))
}

// uuidText is the UUID in the form of RFC 9562, section 4, "" if there are not 16 bytes.
func uuidText(b []byte) string {
	if len(b) != 16 {
		return ""
	}
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// isWhole reports whether n is the number itself, and not what is left of a fraction.
func isWhole(v bson.RawValue, n int64) bool {
	f, isDouble := v.DoubleOK()
	return !isDouble || float64(n) == f
}

// idText is an _id of any type as messages name it.
func idText(v bson.RawValue) string {
	if id := readUserID(v); id != "" {
		return string(id)
	}
	return fmt.Sprint(v)
}
