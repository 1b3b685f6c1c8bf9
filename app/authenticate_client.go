package app

import (
	"context"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// AuthenticateClient checks who a program says it is. Failures are counted as failed sign-ins of its address are.
type AuthenticateClient struct {
	clients  domain.ConfidentialClients
	failures ports.Throttle
	events   ports.EventSink
	now      func() time.Time
}

// AuthenticateClientRequest carries what the program presented; zero credentials are none.
type AuthenticateClientRequest struct {
	Credentials domain.ClientCredentials
	Client      domain.Client
}

// Any reports whether there are confidential clients at all.
func (uc *AuthenticateClient) Any() bool { return len(uc.clients) > 0 }

// Do authenticates a confidential client. Errors: domain.ErrInvalidCredentials and domain.CodeTooManyAttempts. The limit
// is asked after the comparison, so that guesses which end past it learn nothing, whether they were right or wrong.
func (uc *AuthenticateClient) Do(ctx context.Context, req AuthenticateClientRequest) error {
	if req.Credentials.Secret.IsZero() {
		return domain.ErrInvalidCredentials // nothing was guessed, so nothing is counted
	}
	proven, ask := uc.clients.Proves(req.Credentials), ports.Throttle.Check
	if !proven {
		ask = ports.Throttle.Count
	}
	wait, err := ask(uc.failures, ctx, req.Client.Network())
	switch {
	case err != nil:
		return err
	case wait > 0:
		uc.emit(ctx, domain.EventThrottled, req.Client)
		return domain.TooManyAttempts(wait)
	case !proven:
		uc.emit(ctx, domain.EventClientRefused, req.Client)
		return domain.ErrInvalidCredentials
	}
	return nil
}

// Admit lets public clients pass, who have nothing to authenticate by: a token is their proof. Whoever presents a secret,
// or calls themselves by the ID of a confidential client, has to authenticate as by Do.
func (uc *AuthenticateClient) Admit(ctx context.Context, req AuthenticateClientRequest) error {
	if req.Credentials.Secret.IsZero() && !uc.clients.Knows(req.Credentials.ID) {
		return nil
	}
	return uc.Do(ctx, req)
}

func (uc *AuthenticateClient) emit(ctx context.Context, kind domain.EventKind, client domain.Client) {
	uc.events.Emit(ctx, domain.Event{Kind: kind, At: uc.now(), Client: client})
}
