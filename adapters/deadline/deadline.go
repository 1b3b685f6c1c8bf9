// Package deadline bounds how long a store may take to answer, so that an engine that hangs costs its callers
// a short wait and an honest refusal.
package deadline

import (
	"context"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var (
	_ ports.UserRepository = (*Users)(nil)
	_ ports.TokenStore     = (*Sessions)(nil)
	_ ports.Callers        = (*Callers)(nil)
	_ ports.Throttle       = (*Throttle)(nil)
)

// Users gives every call to a user repository so long and no longer.
type Users struct {
	ports.UserRepository
	Timeout time.Duration
}

// Create implements ports.UserRepository.
func (b *Users) Create(ctx context.Context, u domain.User) error {
	ctx, cancel := context.WithTimeout(ctx, b.Timeout)
	defer cancel()
	return b.UserRepository.Create(ctx, u)
}

// ByID implements ports.UserRepository.
func (b *Users) ByID(ctx context.Context, id domain.UserID) (domain.User, error) {
	ctx, cancel := context.WithTimeout(ctx, b.Timeout)
	defer cancel()
	return b.UserRepository.ByID(ctx, id)
}

// ByLogin implements ports.UserRepository.
func (b *Users) ByLogin(ctx context.Context, login domain.Login) (domain.User, error) {
	ctx, cancel := context.WithTimeout(ctx, b.Timeout)
	defer cancel()
	return b.UserRepository.ByLogin(ctx, login)
}

// Update implements ports.UserRepository.
func (b *Users) Update(ctx context.Context, u domain.User) error {
	ctx, cancel := context.WithTimeout(ctx, b.Timeout)
	defer cancel()
	return b.UserRepository.Update(ctx, u)
}

// Delete implements ports.UserRepository.
func (b *Users) Delete(ctx context.Context, id domain.UserID) error {
	ctx, cancel := context.WithTimeout(ctx, b.Timeout)
	defer cancel()
	return b.UserRepository.Delete(ctx, id)
}

// Sessions gives every call to a token store so long and no longer.
type Sessions struct {
	ports.TokenStore
	Timeout time.Duration
}

// Create implements ports.TokenStore.
func (b *Sessions) Create(ctx context.Context, s domain.Session) error {
	ctx, cancel := context.WithTimeout(ctx, b.Timeout)
	defer cancel()
	return b.TokenStore.Create(ctx, s)
}

// Get implements ports.TokenStore.
func (b *Sessions) Get(ctx context.Context, userID domain.UserID, id domain.SessionID) (domain.Session, error) {
	ctx, cancel := context.WithTimeout(ctx, b.Timeout)
	defer cancel()
	return b.TokenStore.Get(ctx, userID, id)
}

// Update implements ports.TokenStore.
func (b *Sessions) Update(ctx context.Context, s domain.Session) error {
	ctx, cancel := context.WithTimeout(ctx, b.Timeout)
	defer cancel()
	return b.TokenStore.Update(ctx, s)
}

// ByUser implements ports.TokenStore.
func (b *Sessions) ByUser(ctx context.Context, userID domain.UserID) ([]domain.Session, error) {
	ctx, cancel := context.WithTimeout(ctx, b.Timeout)
	defer cancel()
	return b.TokenStore.ByUser(ctx, userID)
}

// DeleteByUser implements ports.TokenStore.
func (b *Sessions) DeleteByUser(ctx context.Context, userID domain.UserID) error {
	ctx, cancel := context.WithTimeout(ctx, b.Timeout)
	defer cancel()
	return b.TokenStore.DeleteByUser(ctx, userID)
}

// Throttle gives every call to a throttle so long and no longer.
type Throttle struct {
	ports.Throttle
	Timeout time.Duration
}

// Check implements ports.Throttle.
func (b *Throttle) Check(ctx context.Context, key string) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, b.Timeout)
	defer cancel()
	return b.Throttle.Check(ctx, key)
}

// Count implements ports.Throttle.
func (b *Throttle) Count(ctx context.Context, key string) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, b.Timeout)
	defer cancel()
	return b.Throttle.Count(ctx, key)
}

// Callers gives every call to what reads callers so long and no longer.
type Callers struct {
	ports.Callers
	Timeout time.Duration
}

// Caller implements ports.Callers.
func (b *Callers) Caller(ctx context.Context, userID domain.UserID, id domain.SessionID) (domain.Session, domain.User, error) {
	ctx, cancel := context.WithTimeout(ctx, b.Timeout)
	defer cancel()
	return b.Callers.Caller(ctx, userID, id)
}
