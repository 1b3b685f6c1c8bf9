package metrics

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var _ ports.EventSink = (*Metrics)(nil)

// events is the counter of each kind of event.
type events map[domain.EventKind]prometheus.Counter

// The kinds of events, each by the vector that counts it and the label that it has there.
var (
	signIns = map[domain.EventKind]string{
		domain.EventSignedIn:     "succeeded",
		domain.EventSignInFailed: "failed",
	}
	refreshes = map[domain.EventKind]string{
		domain.EventRefreshed:     "rotated",
		domain.EventRepeated:      "repeated",
		domain.EventRolledForward: "rolled_forward",
		domain.EventReused:        "reused",
	}
	otherEvents = map[domain.EventKind]string{
		domain.EventRegistered:      "registered",
		domain.EventSignedOut:       "signed_out",
		domain.EventSessionEnded:    "session_ended",
		domain.EventPasswordChanged: "password_changed",
		domain.EventAccountDeleted:  "account_deleted",
		domain.EventThrottled:       "throttled",
		domain.EventKeyRotated:      "key_rotated",
		domain.EventClientRefused:   "client_refused",
	}
)

func newEvents(registry *prometheus.Registry) events {
	all := events{}
	for _, each := range []struct {
		name, help, label string
		kinds             map[domain.EventKind]string
	}{
		{"latchkey_sign_ins_total", "Sign-ins, by outcome. A wrong password of somebody who is signed in, and confirms something by it, has failed too.", "outcome", signIns},
		{"latchkey_refreshes_total", "Refresh tokens that were genuine, by what became of them.", "outcome", refreshes},
		{"latchkey_events_total", "Events of the log that are neither a sign-in nor a refresh, by their name.", "event", otherEvents},
	} {
		vec := prometheus.NewCounterVec(prometheus.CounterOpts{Name: each.name, Help: each.help}, []string{each.label})
		registry.MustRegister(vec)
		for kind, counter := range resolve(vec, each.kinds) {
			all[kind] = counter
		}
	}
	return all
}

// Emit implements ports.EventSink: it counts the event.
func (m *Metrics) Emit(_ context.Context, e domain.Event) {
	if counter, ok := m.events[e.Kind]; ok {
		counter.Inc()
	}
}
