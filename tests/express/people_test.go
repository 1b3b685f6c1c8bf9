package express_test

import (
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Everybody in the Express back end has the same password, hashed as its bcrypt does.
const (
	oldPassword = "correct horse battery"
	oldHash     = "$2b$10$Jp1mbfwIpmmjRW.D8.mPqOBiJ6DggAvxE4XKugUsJC6zRyhobnW7q"
)

// person is a document as Mongoose writes it, and how its owner signs in.
type person struct {
	doc             bson.D
	email, username string
}

func is(field string, value any) bson.E { return bson.E{Key: field, Value: value} }

// document is one with these fields beside those that Mongoose never leaves out.
func document(fields ...bson.E) bson.D {
	created := bson.DateTime(time.Date(2023, 4, 5, 6, 7, 8, 9e6, time.UTC).UnixMilli())
	doc := append(bson.D{is("_id", bson.NewObjectID())}, fields...)
	return append(doc, is("password", oldHash), is("createdAt", created), is("updatedAt", created))
}

// people is everybody, by what is special about them.
func people() map[string]person {
	return map[string]person{
		"everything": {document(
			is("username", "ada"), is("email", "ada@example.org"), is("fullname", "Ada Lovelace"),
			is("avatar", "https://img.example.org/a.png"), is("coverImage", "https://img.example.org/c.png"),
			is("watchHistory", bson.A{bson.NewObjectID()}), is("refreshToken", "eyJhbGciOi.left.over"), is("__v", int32(0)),
		), "ada@example.org", "ada"},
		"email in mixed case": {document(
			is("email", "Bob.B@Example.ORG"), is("username", "bob"), is("__v", int32(0)),
		), "bob.b@example.org", "bob"},
		"username in mixed case": {document(
			is("email", "Cy@x.org"), is("username", "CyTwombly"), is("__v", int32(3)),
		), "CY@X.ORG", "cytwombly"},
		"email alone":    {document(is("email", "dot@example.org"), is("__v", int32(0))), "dot@example.org", ""},
		"username alone": {document(is("username", "don"), is("__v", int32(0))), "", "Don"},
		"no version":     {document(is("email", "eve@example.org")), "eve@example.org", ""},
		"double version": {document(is("email", "fay@example.org"), is("__v", 7.0)), "fay@example.org", ""},
		"long version":   {document(is("email", "gus@example.org"), is("__v", int64(1)<<40)), "gus@example.org", ""},
		"empty and null": {document(
			is("email", "hal@example.org"), is("username", nil), is("fullname", nil), is("avatar", ""), is("__v", int32(0)),
		), "hal@example.org", ""},
		"empty and null again": {document(
			is("email", "hue@example.org"), is("username", nil), is("coverImage", ""), is("__v", int32(0)),
		), "hue@example.org", ""},
		"fields unknown to us": {document(
			is("email", "ivy.o'b+(x)@example.org"), is("role", "admin"), is("score", 1.5), is("big", int64(1)<<60),
			is("address", bson.D{is("zip", "0042"), is("lines", bson.A{"a", int32(1), nil})}),
			is("raw", bson.Binary{Data: []byte{0, 255}}), is("__v", int32(0)),
		), "ivy.o'b+(x)@example.org", ""},
		"_id as a string like an ObjectId": {odd(
			"507f1f77bcf86cd799439011", is("email", "jan@example.org"), is("createdAt", "2021-03-04T05:06:07.000Z"),
		), "jan@example.org", ""},
		"_id as an integer":  {odd(int32(42), is("email", "kim@example.org"), is("username", "kim")), "kim@example.org", "kim"},
		"_id as a large one": {odd(float64(1<<40), is("email", "lee@example.org")), "lee@example.org", ""},
		"_id as a UUID": {odd(bson.Binary{Subtype: bson.TypeBinaryUUID, Data: []byte("0123456789abcdef")},
			is("email", "mia@example.org"), is("updatedAt", int64(1_600_000_000_000))), "mia@example.org", ""},
		"_id as an old UUID": {odd(bson.Binary{Subtype: bson.TypeBinaryUUIDOld, Data: []byte("fedcba9876543210")},
			is("email", "ned@example.org"), is("createdAt", "Thu Mar 04 2021 05:06:07 GMT+0000 (Coordinated Universal Time)"),
		), "ned@example.org", ""},
		"_id as a text": {odd("user:Ö/1", is("email", "ola@example.org")), "ola@example.org", ""},
		"no dates": {bson.D{is("_id", bson.NewObjectID()), is("email", "pam@example.org"), is("password", oldHash)},
			"pam@example.org", ""},
	}
}

// odd is a document with an _id and fields that Mongoose does not write unless it is told to.
func odd(id any, fields ...bson.E) bson.D {
	return append(append(bson.D{is("_id", id)}, fields...), is("password", oldHash))
}
