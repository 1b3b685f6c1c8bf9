package accesstoken

import (
	"net/http"
	"strings"
)

// Require lets through who presents a good access token, with its claims in the context of the request.
func (v *Verifier) Require(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, err := v.Authenticate(r)
		if err != nil {
			v.Refuse(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(NewContext(r.Context(), claims)))
	})
}

// Authenticate checks the bearer token of a request. Beside the errors of Verify it has ErrMissing and ErrAmbiguous. Tokens
// in the address are not looked for (RFC 9700, section 4.3.2), nor are cookies, which a browser would send along with what
// another site made it do.
func (v *Verifier) Authenticate(r *http.Request) (Claims, error) {
	presented := r.Header.Values("Authorization")
	if len(presented) > 1 {
		return Claims{}, ErrAmbiguous
	}
	scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return Claims{}, ErrMissing
	}
	return v.Verify(r.Context(), strings.TrimSpace(token))
}

// Refuse answers an error of Authenticate as the Verifier is configured to.
func (v *Verifier) Refuse(w http.ResponseWriter, r *http.Request, err error) { v.cfg.Refuse(w, r, err) }
