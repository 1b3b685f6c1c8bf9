package tracing_test

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"github.com/latchkey-auth/latchkey/adapters/memory"
	"github.com/latchkey-auth/latchkey/adapters/tracing"
	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
	"github.com/latchkey-auth/latchkey/ports/porttest"
	"github.com/latchkey-auth/latchkey/tests/collector"
)

func open(t *testing.T, to *collector.Collector) *tracing.Tracer {
	t.Helper()
	endpoint, err := url.Parse(to.URL)
	must(t, err)
	tracer, err := tracing.New(t.Context(), tracing.Config{Endpoint: endpoint, Logger: slog.New(slog.DiscardHandler)})
	must(t, err)
	t.Cleanup(tracer.Close)
	return tracer
}

func TestItIsStillAStore(t *testing.T) {
	tracer := open(t, collector.Open(t))
	t.Run("users", func(t *testing.T) {
		porttest.TestUserRepository(t, func(*testing.T) ports.UserRepository { return tracer.Users("memory", memory.NewUsers()) })
	})
	t.Run("sessions", func(t *testing.T) {
		porttest.TestTokenStore(t, func(_ *testing.T, now func() time.Time) ports.TokenStore {
			return tracer.Sessions("memory", memory.NewSessions(now))
		})
	})
	t.Run("callers", func(t *testing.T) {
		porttest.TestCallers(t, func(_ *testing.T, now func() time.Time) porttest.CallerStores {
			users, sessions := memory.NewUsers(), memory.NewSessions(now)
			return porttest.CallerStores{Users: users, Sessions: sessions, Callers: tracer.Callers("memory", app.InTurn(sessions, users))}
		})
	})
}

// TestNobodyIsWatchedWhereNobodyWantsTraces: what would be watched stays as it is.
func TestNobodyIsWatchedWhereNobodyWantsTraces(t *testing.T) {
	var nobody *tracing.Tracer
	users, sessions, hasher := memory.NewUsers(), memory.NewSessions(time.Now), failing{}
	callers := app.InTurn(sessions, users)
	if nobody.Users("memory", users) != ports.UserRepository(users) || nobody.Sessions("memory", sessions) != ports.TokenStore(sessions) ||
		nobody.Callers("memory", callers) != callers || nobody.Hasher(hasher) != ports.PasswordHasher(hasher) {
		t.Error("somebody is watched")
	}
	nobody.Close()
}

// failing is a hasher that answers an error.
type failing struct{ err error }

func (f failing) Hash(context.Context, string, domain.Password) (domain.Secret, error) {
	return domain.Secret{}, f.err
}

func (f failing) Verify(context.Context, string, domain.Password, domain.Secret) (ok, outdated bool, err error) {
	return false, false, f.err
}

// TestFaultsAreMarked, and what is none is not.
func TestFaultsAreMarked(t *testing.T) {
	for name, c := range map[string]struct {
		err     error
		outcome string
		fault   bool
	}{
		"good":          {nil, "", false},
		"busy":          {domain.Busy(time.Second), "busy", true},
		"closed":        {ports.Unavailable(context.DeadlineExceeded), "unavailable", true},
		"client left":   {ports.Unavailable(context.Canceled), "canceled", false},
		"too long":      {domain.Invalid("password", "is too long"), "validation_failed", false},
		"damaged value": {context.DeadlineExceeded, "failed", true},
	} {
		to := collector.Open(t)
		tracer := open(t, to)
		hasher := tracer.Hasher(failing{c.err})
		_, _ = hasher.Hash(t.Context(), "", domain.Password{})
		_, _, _ = hasher.Verify(t.Context(), "", domain.Password{}, domain.Secret{})
		tracer.Close()
		if len(to.Spans()) != 2 {
			t.Fatalf("%s: %d spans", name, len(to.Spans()))
		}
		for _, s := range to.Spans() {
			outcome := ""
			for _, a := range s.Attributes {
				if a.Key == "latchkey.outcome" {
					outcome = a.Value.GetStringValue()
				}
			}
			if outcome != c.outcome || isFault(s) != c.fault {
				t.Errorf("%s: %s, %v", name, outcome, s.Status)
			}
		}
	}
}

func TestAnswersAreFaultsFrom500(t *testing.T) {
	to := collector.Open(t)
	tracer := open(t, to)
	all := []int{200, 302, 401, 404, 429, 499, 500, 503}
	for _, status := range all {
		_, end := tracer.Request(httptest.NewRequest("GET", "/x", nil), "GET", "/x")
		end(status)
	}
	tracer.Close()
	for i, s := range to.Spans() {
		if isFault(s) != (all[i] >= 500) || s.Status.GetMessage() != "" {
			t.Errorf("%d: %v", all[i], s.Status)
		}
	}
}

func isFault(s *tracepb.Span) bool { return s.Status.GetCode() == tracepb.Status_STATUS_CODE_ERROR }
