package jwt

import (
	"strings"

	strict "github.com/go-jose/go-jose/v4/json" // names in their very case, and each at most once

	"github.com/latchkey-auth/latchkey/domain"
)

// header is what the header of a token says that we go by.
type header struct{ keyID, typ string }

// readHeader reads a header that has exactly the members of ours. So no token brings its own key or an address of one
// (jwk, jku, x5c, x5u), is critical (crit) or unencoded (b64), or holds another token or packed content (cty, zip).
func readHeader(token string) (header, error) {
	encoded, _, _ := strings.Cut(token, ".")
	data, err := parser.DecodeSegment(encoded)
	if err != nil {
		return header{}, err
	}
	var members map[string]string
	if err := strict.Unmarshal(data, &members); err != nil {
		return header{}, err
	}
	_, signed := members["alg"]
	if len(members) != 3 || !signed {
		return header{}, domain.ErrTokenInvalid
	}
	return header{members["kid"], members["typ"]}, nil
}
