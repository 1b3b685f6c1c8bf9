package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var _ ports.TokenStore = (*sessions)(nil)

// sessionCounts counts how sessions begin and end. How many live is not counted: no store can tell without reading them
// all, and those that expire do so in silence.
type sessionCounts struct {
	started prometheus.Counter
	ended   map[domain.EndReason]prometheus.Counter
}

func newSessionCounts(registry *prometheus.Registry) sessionCounts {
	started := prometheus.NewCounter(prometheus.CounterOpts{
		Name: "latchkey_sessions_started_total", Help: "Sessions that began.",
	})
	ended := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "latchkey_sessions_ended_total", Help: "Sessions that were ended, by reason. Those that expire, or go with their user, are not among them.",
	}, []string{"reason"})
	registry.MustRegister(started, ended)
	reasons := map[domain.EndReason]string{}
	for _, r := range []domain.EndReason{domain.EndSignedOut, domain.EndRevoked, domain.EndReused, domain.EndPasswordChanged, domain.EndTooMany} {
		reasons[r] = string(r)
	}
	return sessionCounts{started, resolve(ended, reasons)}
}

type sessions struct {
	next                                      ports.TokenStore
	create, get, update, byUser, deleteByUser *operation
	counts                                    sessionCounts
}

// Sessions is next, timed and counted.
func (m *Metrics) Sessions(next ports.TokenStore) ports.TokenStore {
	of := func(name string) *operation { return m.stores.operation("sessions", name) }
	return &sessions{next, of("create"), of("get"), of("update"), of("by_user"), of("delete_by_user"), m.sessions}
}

// Create implements ports.TokenStore.
func (t *sessions) Create(ctx context.Context, s domain.Session) error {
	began := time.Now()
	err := t.next.Create(ctx, s)
	t.create.done(began, err)
	if err == nil {
		t.counts.started.Inc()
	}
	return err
}

// Get implements ports.TokenStore.
func (t *sessions) Get(ctx context.Context, userID domain.UserID, id domain.SessionID) (session domain.Session, err error) {
	began := time.Now()
	session, err = t.next.Get(ctx, userID, id)
	t.get.done(began, err)
	return session, err
}

// Update implements ports.TokenStore. Whoever stores the end of a session is the one who ended it: nobody writes to it after.
func (t *sessions) Update(ctx context.Context, s domain.Session) error {
	began := time.Now()
	err := t.next.Update(ctx, s)
	t.update.done(began, err)
	if ended := t.counts.ended[s.EndReason]; err == nil && ended != nil {
		ended.Inc()
	}
	return err
}

// ByUser implements ports.TokenStore.
func (t *sessions) ByUser(ctx context.Context, userID domain.UserID) ([]domain.Session, error) {
	began := time.Now()
	all, err := t.next.ByUser(ctx, userID)
	t.byUser.done(began, err)
	return all, err
}

// DeleteByUser implements ports.TokenStore.
func (t *sessions) DeleteByUser(ctx context.Context, userID domain.UserID) error {
	began := time.Now()
	err := t.next.DeleteByUser(ctx, userID)
	t.deleteByUser.done(began, err)
	return err
}
