package redis

import (
	"context"

	goredis "github.com/redis/go-redis/v9"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var _ ports.Callers = (*Store)(nil)

// Caller implements ports.Callers, by one command: all that is a user's is in one hash slot.
func (s *Store) Caller(ctx context.Context, userID domain.UserID, id domain.SessionID) (domain.Session, domain.User, error) {
	cmd := goredis.NewSliceCmd(ctx, "mget", sessionKey(userID, id), userKey(userID))
	if err := s.do(ctx, cmd); err != nil {
		return domain.Session{}, domain.User{}, err
	}
	values := cmd.Val() // nil where a key holds nothing
	storedSession, _ := values[0].(string)
	storedUser, _ := values[1].(string)
	session, err := s.session(userID, id, storedSession)
	if err != nil {
		return domain.Session{}, domain.User{}, err
	}
	found, err := foundUser(storedUser)
	if err != nil {
		return session, domain.User{}, err
	}
	return session, found.user(userID), nil
}
