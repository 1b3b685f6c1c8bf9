package tracing

import (
	"context"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var _ ports.UserRepository = (*users)(nil)

type users struct {
	next                                  ports.UserRepository
	create, byID, byLogin, update, delete operation
}

// Users is next, in an engine such as "redis", with a span for each call.
func (t *Tracer) Users(engine string, next ports.UserRepository) ports.UserRepository {
	if t == nil {
		return next
	}
	of := func(name string) operation { return t.operation(engine, "users", name) }
	return &users{next, of("create"), of("by_id"), of("by_login"), of("update"), of("delete")}
}

// Create implements ports.UserRepository.
func (s *users) Create(ctx context.Context, u domain.User) error {
	ctx, span := s.create.begin(ctx)
	err := s.next.Create(ctx, u)
	done(span, err)
	return err
}

// ByID implements ports.UserRepository.
func (s *users) ByID(ctx context.Context, id domain.UserID) (domain.User, error) {
	ctx, span := s.byID.begin(ctx)
	user, err := s.next.ByID(ctx, id)
	done(span, err)
	return user, err
}

// ByLogin implements ports.UserRepository.
func (s *users) ByLogin(ctx context.Context, login domain.Login) (domain.User, error) {
	ctx, span := s.byLogin.begin(ctx)
	user, err := s.next.ByLogin(ctx, login)
	done(span, err)
	return user, err
}

// Update implements ports.UserRepository.
func (s *users) Update(ctx context.Context, u domain.User) error {
	ctx, span := s.update.begin(ctx)
	err := s.next.Update(ctx, u)
	done(span, err)
	return err
}

// Delete implements ports.UserRepository.
func (s *users) Delete(ctx context.Context, id domain.UserID) error {
	ctx, span := s.delete.begin(ctx)
	err := s.next.Delete(ctx, id)
	done(span, err)
	return err
}
