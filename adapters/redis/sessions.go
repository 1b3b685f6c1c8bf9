package redis

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var _ ports.TokenStore = (*Sessions)(nil)

// Sessions keeps the sessions, each under a key of its own, which Redis lets expire.
type Sessions struct{ *Store }

var (
	storeSession   = load("store_session")
	sessionsOfUser = load("sessions")
	deleteSessions = load("delete_sessions")
)

// Create implements ports.TokenStore.
func (r *Sessions) Create(ctx context.Context, s domain.Session) error {
	return r.store(ctx, s, "", 1)
}

// Get implements ports.TokenStore.
func (r *Sessions) Get(ctx context.Context, userID domain.UserID, id domain.SessionID) (domain.Session, error) {
	stored, err := r.get(ctx, sessionKey(userID, id))
	if err != nil {
		return domain.Session{}, err
	}
	return r.session(userID, id, stored)
}

// session is what is stored under a session's key, or ErrNotFound.
func (s *Store) session(userID domain.UserID, id domain.SessionID, stored string) (domain.Session, error) {
	if stored == "" {
		return domain.Session{}, ports.ErrNotFound
	}
	session, err := restoreSession(userID, id, stored)
	if err != nil {
		return domain.Session{}, err
	}
	if forgotten(session, s.now()) {
		return domain.Session{}, ports.ErrNotFound
	}
	return session, nil
}

// Update implements ports.TokenStore.
func (r *Sessions) Update(ctx context.Context, s domain.Session) error {
	return r.store(ctx, s, strconv.FormatInt(s.Version, 10), s.Version+1)
}

// store stores the session with a version, if it has the expected one, "" standing for any or none.
func (r *Sessions) store(ctx context.Context, s domain.Session, expected string, version int64) error {
	keys := []string{sessionKey(s.UserID, s.ID), indexKey(s.UserID)}
	outcome, err := r.text(ctx, storeSession, keys,
		string(s.ID), r.now().UnixMilli(), expected, version, s.KeptUntil().UnixMilli(), birth(s), state(s))
	switch {
	case err != nil:
		return err
	case outcome == "absent":
		return ports.ErrNotFound
	case outcome == "stale":
		return ports.ErrStale
	}
	return nil
}

// ByUser implements ports.TokenStore.
func (r *Sessions) ByUser(ctx context.Context, userID domain.UserID) ([]domain.Session, error) {
	reply, err := r.run(ctx, sessionsOfUser, []string{indexKey(userID)}, sessionPrefix(userID))
	if err != nil {
		return nil, err
	}
	found, _ := reply.([]any)
	now := r.now()
	var all []domain.Session
	for pair := range slices.Chunk(found, 2) {
		s, err := restoreSession(userID, domain.SessionID(fmt.Sprint(pair[0])), fmt.Sprint(pair[1]))
		if err != nil {
			return nil, err
		}
		if !forgotten(s, now) {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, newestFirst)
	return all, nil
}

func newestFirst(a, b domain.Session) int {
	return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(b.ID, a.ID))
}

// DeleteByUser implements ports.TokenStore.
func (r *Sessions) DeleteByUser(ctx context.Context, userID domain.UserID) error {
	_, err := r.run(ctx, deleteSessions, []string{indexKey(userID)}, sessionPrefix(userID))
	return err
}
