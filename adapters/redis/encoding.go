package redis

import (
	"time"

	"github.com/fxamacker/cbor/v2"
)

// Values are CBOR (RFC 8949): compact, and texts come back byte for byte, be they UTF-8 or not, as JSON's would not.
var (
	encoding = must(cbor.EncOptions{}.EncMode())
	decoding = must(cbor.DecOptions{UTF8: cbor.UTF8DecodeInvalid}.DecMode())
)

func must[T any](mode T, err error) T {
	if err != nil {
		panic(err) // the options are fixed
	}
	return mode
}

// encode is the value that a record is stored as. Records hold numbers and texts, which can all be encoded.
func encode(record any) string { return string(must(encoding.Marshal(record))) }

func decode(value string, record any) error { return decoding.Unmarshal([]byte(value), record) }

// fromMillis takes a time back that was stored by UnixMilli; so does the zero time come back.
func fromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
