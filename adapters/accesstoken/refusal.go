package accesstoken

import (
	"encoding/json"
	"errors"
	"net/http"
)

// Why a request is not let through.
var (
	ErrMissing     = errors.New("there is no access token")
	ErrAmbiguous   = errors.New("there is more than one Authorization header")
	ErrInvalid     = errors.New("the access token is invalid")
	ErrExpired     = errors.New("the access token has expired")
	ErrInactive    = errors.New("the session has ended")
	ErrUnavailable = errors.New("the access token cannot be checked at present")
)

// refusals is the one table from error to answer. The names of errors are those of RFC 6750, section 3.1.
var refusals = []struct {
	err    error
	status int
	name   string
}{
	{ErrMissing, http.StatusUnauthorized, ""}, // section 3.1: who presents nothing is told nothing
	{ErrAmbiguous, http.StatusBadRequest, "invalid_request"},
	{ErrInvalid, http.StatusUnauthorized, "invalid_token"},
	{ErrExpired, http.StatusUnauthorized, "invalid_token"},
	{ErrInactive, http.StatusUnauthorized, "invalid_token"},
	{ErrUnavailable, http.StatusServiceUnavailable, "temporarily_unavailable"},
}

// WriteRefusal answers an error of Authenticate as RFC 6750, section 3, has it, with the same in a JSON body. The causes
// of ErrUnavailable, which are not for clients, are left out; a Config.Refuse can log them.
func WriteRefusal(w http.ResponseWriter, err error) {
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Type", "application/json")
	for _, each := range refusals {
		if !errors.Is(err, each.err) {
			continue
		}
		switch {
		case each.status == http.StatusServiceUnavailable:
			header.Set("Retry-After", "5")
		case each.name == "":
			header.Set("WWW-Authenticate", "Bearer")
		default:
			header.Set("WWW-Authenticate", `Bearer error="`+each.name+`", error_description="`+each.err.Error()+`"`)
		}
		write(w, each.status, each.name, each.err)
		return
	}
	write(w, http.StatusInternalServerError, "server_error", errors.New("something went wrong"))
}

func write(w http.ResponseWriter, status int, name string, why error) {
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(struct { // else the client has left
		Error       string `json:"error,omitempty"`
		Description string `json:"error_description"`
	}{name, why.Error()})
}
