package program_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/latchkey-auth/latchkey/tests/openapi"
	"github.com/latchkey-auth/latchkey/tests/scenario"
)

const password = "correct horse battery"

// service is the process as its users see it; whatever passes between them is held against the OpenAPI document. Its connections are its own, and end with the test.
func (p *process) service(t *testing.T) scenario.Service {
	t.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: 16}
	t.Cleanup(transport.CloseIdleConnections)
	document, err := openapi.Latchkey()
	must(t, err)
	documented := &openapi.Transport{Document: document, Base: transport, Report: func(fault error) { t.Error(fault) }}
	return scenario.HTTP(&http.Client{Transport: documented}, p.base)
}

// refusal is the code with which the service refused, "" where nothing came back, or something else.
func refusal(err error) string {
	if failure, ok := errors.AsType[*scenario.Failure](err); ok {
		return failure.Code
	}
	return ""
}

// signUp registers somebody and signs them in.
func signUp(t *testing.T, s scenario.Service, email string) scenario.SignedIn {
	t.Helper()
	_, err := s.Register(t.Context(), scenario.Registration{Email: email, Password: password})
	must(t, err)
	in, err := s.Login(t.Context(), scenario.Credentials{Email: email, Password: password})
	must(t, err)
	return in
}

// refresh is a refresh that must succeed.
func refresh(t *testing.T, s scenario.Service, token string) string {
	t.Helper()
	tokens, err := s.Refresh(t.Context(), token)
	must(t, err)
	return tokens.RefreshToken
}
