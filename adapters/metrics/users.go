package metrics

import (
	"context"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var _ ports.UserRepository = (*users)(nil)

type users struct {
	next                                  ports.UserRepository
	create, byID, byLogin, update, delete *operation
}

// Users is next, timed and counted.
func (m *Metrics) Users(next ports.UserRepository) ports.UserRepository {
	of := func(name string) *operation { return m.stores.operation("users", name) }
	return &users{next, of("create"), of("by_id"), of("by_login"), of("update"), of("delete")}
}

// Create implements ports.UserRepository.
func (s *users) Create(ctx context.Context, u domain.User) error {
	began := time.Now()
	err := s.next.Create(ctx, u)
	s.create.done(began, err)
	return err
}

// ByID implements ports.UserRepository.
func (s *users) ByID(ctx context.Context, id domain.UserID) (user domain.User, err error) {
	began := time.Now()
	user, err = s.next.ByID(ctx, id)
	s.byID.done(began, err)
	return user, err
}

// ByLogin implements ports.UserRepository.
func (s *users) ByLogin(ctx context.Context, login domain.Login) (user domain.User, err error) {
	began := time.Now()
	user, err = s.next.ByLogin(ctx, login)
	s.byLogin.done(began, err)
	return user, err
}

// Update implements ports.UserRepository.
func (s *users) Update(ctx context.Context, u domain.User) error {
	began := time.Now()
	err := s.next.Update(ctx, u)
	s.update.done(began, err)
	return err
}

// Delete implements ports.UserRepository.
func (s *users) Delete(ctx context.Context, id domain.UserID) error {
	began := time.Now()
	err := s.next.Delete(ctx, id)
	s.delete.done(began, err)
	return err
}
