package memory

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var _ ports.TokenStore = (*Sessions)(nil)

// Sessions is a ports.TokenStore in memory. Every write first drops the sessions that are over by then,
// so it never holds more than those that live, and needs no sweep of its own.
type Sessions struct {
	now func() time.Time

	mu      sync.RWMutex
	byUser  map[domain.UserID]map[domain.SessionID]*entry
	byDeath queue
}

// NewSessions is a store without sessions, which go by the clock now.
func NewSessions(now func() time.Time) *Sessions {
	return &Sessions{now: now, byUser: map[domain.UserID]map[domain.SessionID]*entry{}}
}

// Create implements ports.TokenStore.
func (st *Sessions) Create(ctx context.Context, s domain.Session) error {
	if err := ended(ctx); err != nil {
		return err
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	st.sweep()
	s.Version = 1
	e := new(entry)
	e.hold(s)
	if st.byUser[s.UserID] == nil {
		st.byUser[s.UserID] = map[domain.SessionID]*entry{}
	}
	st.byUser[s.UserID][s.ID] = e
	st.byDeath.add(e)
	return nil
}

// Get implements ports.TokenStore.
func (st *Sessions) Get(ctx context.Context, userID domain.UserID, id domain.SessionID) (domain.Session, error) {
	if err := ended(ctx); err != nil {
		return domain.Session{}, err
	}
	st.mu.RLock()
	defer st.mu.RUnlock()
	e, ok := st.byUser[userID][id]
	if !ok || e.forgotten(st.now()) {
		return domain.Session{}, ports.ErrNotFound
	}
	return e.session, nil
}

// Update implements ports.TokenStore.
func (st *Sessions) Update(ctx context.Context, s domain.Session) error {
	if err := ended(ctx); err != nil {
		return err
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	st.sweep()
	e, ok := st.byUser[s.UserID][s.ID]
	if !ok {
		return ports.ErrNotFound
	}
	if e.session.Version != s.Version {
		return ports.ErrStale
	}
	s.Seed, s.CreatedAt = e.session.Seed, e.session.CreatedAt
	s.Version++
	e.hold(s)
	st.byDeath.moved(e)
	return nil
}

// ByUser implements ports.TokenStore.
func (st *Sessions) ByUser(ctx context.Context, userID domain.UserID) ([]domain.Session, error) {
	if err := ended(ctx); err != nil {
		return nil, err
	}
	st.mu.RLock()
	defer st.mu.RUnlock()
	now := st.now()
	var sessions []domain.Session
	for _, e := range st.byUser[userID] {
		if !e.forgotten(now) {
			sessions = append(sessions, e.session)
		}
	}
	slices.SortFunc(sessions, newestFirst)
	return sessions, nil
}

// DeleteByUser implements ports.TokenStore.
func (st *Sessions) DeleteByUser(ctx context.Context, userID domain.UserID) error {
	if err := ended(ctx); err != nil {
		return err
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	for _, e := range st.byUser[userID] {
		st.byDeath.remove(e)
	}
	delete(st.byUser, userID)
	return nil
}

// sweep drops every session that is over.
func (st *Sessions) sweep() {
	now := st.now()
	for len(st.byDeath) > 0 && st.byDeath[0].forgotten(now) {
		e := st.byDeath[0]
		st.byDeath.remove(e)
		ofUser := st.byUser[e.session.UserID]
		delete(ofUser, e.session.ID)
		if len(ofUser) == 0 {
			delete(st.byUser, e.session.UserID)
		}
	}
}

func newestFirst(a, b domain.Session) int {
	return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(b.ID, a.ID))
}
