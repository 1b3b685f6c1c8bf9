package app_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var gateway = domain.ClientCredentials{ID: "gateway", Secret: domain.NewSecret("the gateway's own secret of 32 bytes")}

func withGateway(d *app.Deps) { d.Clients = domain.ConfidentialClients{gateway} }

func asClient(id, secret string, from domain.Client) app.AuthenticateClientRequest {
	return app.AuthenticateClientRequest{Credentials: domain.ClientCredentials{ID: id, Secret: domain.NewSecret(secret)}, Client: from}
}

func asGateway(from domain.Client) app.AuthenticateClientRequest {
	return app.AuthenticateClientRequest{Credentials: gateway, Client: from}
}

// TestWhoIsAClient holds both doors: one for confidential clients alone, and one for public clients too.
func TestWhoIsAClient(t *testing.T) {
	refused := domain.CodeInvalidCredentials
	for name, c := range map[string]struct {
		presented     app.AuthenticateClientRequest
		alone, public domain.Code
		event         bool
	}{
		"the gateway":                   {asGateway(home), "", "", false},
		"the gateway by a wrong secret": {asClient("gateway", wrongPassword, home), refused, refused, true},
		"the gateway without a secret":  {asClient("gateway", "", home), refused, refused, false},
		"somebody else by its secret":   {asClient("shop", gateway.Secret.Reveal(), home), refused, refused, true},
		"a public client":               {asClient("app", "", home), refused, "", false},
		"nobody":                        {asClient("", "", home), refused, "", false},
		"nobody with a secret":          {asClient("", wrongPassword, home), refused, refused, true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, withGateway)
			for _, door := range []struct {
				do   func(context.Context, app.AuthenticateClientRequest) error
				want domain.Code
			}{{w.AuthenticateClient.Do, c.alone}, {w.AuthenticateClient.Admit, c.public}} {
				err := door.do(t.Context(), c.presented)
				if door.want == "" {
					must(t, err)
				} else {
					fails(t, err, door.want)
				}
				if c.event {
					w.events.were(t, domain.EventClientRefused)
				} else {
					w.events.were(t)
				}
			}
		})
	}
}

func TestWithoutClientsNobodyIsOne(t *testing.T) {
	w := newWorld(t)
	fails(t, w.AuthenticateClient.Do(t.Context(), asGateway(home)), domain.CodeInvalidCredentials)
	must(t, w.AuthenticateClient.Admit(t.Context(), asClient("gateway", "", home)))
}

// TestGuessingAtClientsIsLimited: past the limit even the right secret is refused, or guessing would go on. Somebody
// elsewhere is not bothered, and the limit is the one of sign-ins.
func TestGuessingAtClientsIsLimited(t *testing.T) {
	w := fresh(t, withGateway)
	do := w.AuthenticateClient.Do
	must(t, do(t.Context(), asGateway(home)))
	for range addressLimit {
		fails(t, do(t.Context(), asClient("gateway", wrongPassword, home)), domain.CodeInvalidCredentials)
	}
	w.events.reset()
	for _, presented := range []app.AuthenticateClientRequest{asClient("gateway", wrongPassword, home), asGateway(home)} {
		fails(t, do(t.Context(), presented), domain.CodeTooManyAttempts)
		w.events.were(t, domain.EventThrottled)
	}
	must(t, do(t.Context(), asGateway(office)))
	_, err := w.LoginUser.Do(t.Context(), credentials(rightPassword, home))
	fails(t, err, domain.CodeTooManyAttempts)

	w.clock.Advance(time.Hour)
	must(t, do(t.Context(), asGateway(home)))
}

// What is right is never counted, and neither is who presents no secret.
func TestClientsThatAreRightAreNotCounted(t *testing.T) {
	w := newWorld(t, withGateway)
	for range 2 * addressLimit {
		must(t, w.AuthenticateClient.Do(t.Context(), asGateway(home)))
		must(t, w.AuthenticateClient.Admit(t.Context(), asClient("app", "", home)))
		fails(t, w.AuthenticateClient.Do(t.Context(), asClient("gateway", "", home)), domain.CodeInvalidCredentials)
	}
	must(t, w.AuthenticateClient.Do(t.Context(), asGateway(home)))
}

// Where the count cannot be reached, nobody is let in.
func TestWithoutTheCountNoClientIsLetIn(t *testing.T) {
	w := newWorld(t, withGateway)
	w.faults.at, w.faults.err = 1, ports.Unavailable(errors.New("the cable"))
	fails(t, w.AuthenticateClient.Do(t.Context(), asGateway(home)), domain.CodeUnavailable)
}
