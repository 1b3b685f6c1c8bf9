package httpapi

import (
	"net/http"
	"net/url"

	"github.com/latchkey-auth/latchkey/domain"
)

// clientCredentials is what a program presents of itself, in one of two ways: client_secret_basic or client_secret_post
// (RFC 6749, section 2.3.1). A client_id that comes beside the header has to be the one in it.
func clientCredentials(r *request) (domain.ClientCredentials, error) {
	posted := domain.ClientCredentials{ID: r.body.text("client_id"), Secret: r.body.secret("client_secret")}
	headers := len(r.Header["Authorization"])
	if headers == 0 {
		return posted, nil
	}
	presented, ok := basicCredentials(r.Request)
	switch {
	case headers > 1 || !posted.Secret.IsZero():
		return domain.ClientCredentials{}, malformed("The client authenticates in more than one way.")
	case !ok:
		return domain.ClientCredentials{}, domain.ErrInvalidCredentials
	case posted.ID != "" && posted.ID != presented.ID:
		return domain.ClientCredentials{}, malformed("The client calls itself by two names.")
	}
	return presented, nil
}

// basicCredentials is those of the Authorization header, of which both parts are encoded as in a form.
func basicCredentials(r *http.Request) (domain.ClientCredentials, bool) {
	user, password, ok := r.BasicAuth()
	id, err := url.QueryUnescape(user)
	secret, err2 := url.QueryUnescape(password)
	return domain.ClientCredentials{ID: id, Secret: domain.NewSecret(secret)}, ok && err == nil && err2 == nil
}
