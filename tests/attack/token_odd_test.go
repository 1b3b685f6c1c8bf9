package attack_test

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"
)

// TestTokensThatAreOdd are signed by the true key, as by who has got hold of it or has talked another service into
// signing for them, and are nothing that the service would have written. Lost would be what two readers of one token
// understand differently: whose it is, and until when.
func TestTokensThatAreOdd(t *testing.T) {
	inEachMode(t, func(t *testing.T, s *service, k kind) {
		header, claims := k.header, k.claims
		s.accepts(t, k, k.forge(header, claims)) // so that what follows is refused for what is odd about it
		now := s.Clock.Now()
		odd := map[string]string{
			"sub twice":                forge(header.String(), claims.and(`"sub":"0123456789abcdef01234567"`), k.sign),
			"sub twice, once escaped":  forge(header.String(), claims.and(`"su\u0062":"0123456789abcdef01234567"`), k.sign),
			"exp twice":                forge(header.String(), claims.and(`"exp":99999999999`), k.sign),
			"alg twice":                forge(header.and(`"alg":"none"`), claims.String(), k.sign),
			"kid twice":                forge(header.and(`"kid":"x"`), claims.String(), k.sign),
			"typ twice":                forge(header.and(`"typ":"JWT"`), claims.String(), k.sign),
			"crit":                     k.forge(header.with("crit", []string{"exp"}), claims),
			"b64 of false":             k.forge(header.with("b64", false, "crit", []string{"b64"}), claims),
			"a token inside":           k.forge(header.with("cty", "JWT"), claims),
			"packed":                   k.forge(header.with("zip", "DEF"), claims),
			"typ JWT":                  k.forge(header.with("typ", "JWT"), claims),
			"no typ":                   k.forge(header.with("typ", nil), claims),
			"exp as a text":            k.forge(header, claims.with("exp", "99999999999")),
			"exp as a fraction":        k.forge(header, claims.with("exp", json.Number("99999999999.5"))),
			"exp with an exponent":     k.forge(header, claims.with("exp", json.Number("1e11"))),
			"exp past int64":           k.forge(header, claims.with("exp", json.Number("18446744073709551616"))),
			"exp past all numbers":     k.forge(header, claims.with("exp", json.Number("1e999"))),
			"exp of a thousand digits": k.forge(header, claims.with("exp", json.Number("1"+strings.Repeat("0", 1000)))),
			"exp that is null":         k.forge(header, claims.with("exp", json.RawMessage("null"))),
			"exp that is true":         k.forge(header, claims.with("exp", true)),
			"exp in a list":            k.forge(header, claims.with("exp", []int64{99999999999})),
			"EXP":                      k.forge(header, claims.with("exp", nil, "EXP", 99999999999)),
			"no exp":                   k.forge(header, claims.with("exp", nil)),
			"no iat":                   k.forge(header, claims.with("iat", nil)),
			"iat of the future":        k.forge(header, claims.with("iat", now.Add(31*time.Second).Unix())),
			"iat past the end of time": k.forge(header, claims.with("iat", json.Number("9223372036854775807"))),
			"iat below zero":           k.forge(header, claims.with("iat", -1)),
			"no iss":                   k.forge(header, claims.with("iss", nil)),
			"another iss":              k.forge(header, claims.with("iss", "https://evil.example")),
			"iss with a slash":         k.forge(header, claims.with("iss", claims["iss"].(string)+"/")),
			"no sub":                   k.forge(header, claims.with("sub", nil)),
			"sub that is a number":     k.forge(header, claims.with("sub", 1)),
			"sub that is an object":    k.forge(header, claims.with("sub", object{"$ne": ""})),
			"sid that is an object":    k.forge(header, claims.with("sid", object{"$gt": ""})),
			"no sid":                   k.forge(header, claims.with("sid", nil)),
			"no jti":                   k.forge(header, claims.with("jti", nil)),
			"claims in a list":         forge(header.String(), "["+claims.String()+"]", k.sign),
			"claims of null":           forge(header.String(), "null", k.sign),
			"claims of nothing":        forge(header.String(), "", k.sign),
			"claims and claims":        forge(header.String(), claims.String()+claims.String(), k.sign),
			"claims as deep as can be": forge(header.String(), claims.and(`"x":`+strings.Repeat("[", 3000)), k.sign),
			"a header of null":         forge("null", claims.String(), k.sign),
			"a header alone":           strings.SplitAfter(k.forge(header, claims), ".")[0],
			"a header without its dot": strings.Split(k.forge(header, claims), ".")[0],
			"more than can be":         k.forge(header, claims.with("x", strings.Repeat("x", 8<<10))),
		}
		if k.name == "access" {
			maps.Copy(odd, oddAccess(k))
		} else {
			maps.Copy(odd, oddRefresh(k))
		}
		for name, token := range odd {
			t.Run(name, func(t *testing.T) { s.invalid(t, token) })
		}
	})
}

// oddAccess are odd in what access tokens alone have.
func oddAccess(k kind) map[string]string {
	header, claims := k.header, k.claims
	return map[string]string{
		"aud of another service": k.forge(header, claims.with("aud", "https://other.example")),
		"aud of two":             k.forge(header, claims.with("aud", []any{claims["aud"], "https://other.example"})),
		"aud in a list":          k.forge(header, claims.with("aud", []any{claims["aud"]})),
		"aud that is missing":    k.forge(header, claims.with("aud", nil)),
	}
}

// oddRefresh are odd in what refresh tokens alone have.
func oddRefresh(k kind) map[string]string {
	header, claims := k.header, k.claims
	return map[string]string{
		"gen below zero":          k.forge(header, claims.with("gen", -1)),
		"gen of zero":             k.forge(header, claims.with("gen", 0)),
		"gen as a fraction":       k.forge(header, claims.with("gen", json.Number("1.5"))),
		"gen with an exponent":    k.forge(header, claims.with("gen", json.Number("1e0"))),
		"gen as a text":           k.forge(header, claims.with("gen", "1")),
		"gen past int64":          k.forge(header, claims.with("gen", json.Number("9223372036854775808"))),
		"gen at the end of int64": k.forge(header, claims.with("gen", json.Number("9223372036854775807"))),
		"gen that is null":        k.forge(header, claims.with("gen", json.RawMessage("null"))),
		"no gen":                  k.forge(header, claims.with("gen", nil)),
	}
}
