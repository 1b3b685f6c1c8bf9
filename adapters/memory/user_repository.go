package memory

import (
	"context"
	"sync"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var _ ports.UserRepository = (*Users)(nil)

// Users is a ports.UserRepository in memory.
type Users struct {
	mu         sync.RWMutex
	byID       map[domain.UserID]domain.User
	byEmail    map[domain.Email]domain.UserID
	byUsername map[domain.Username]domain.UserID
}

// NewUsers is a repository without users.
func NewUsers() *Users {
	return &Users{
		byID:       map[domain.UserID]domain.User{},
		byEmail:    map[domain.Email]domain.UserID{},
		byUsername: map[domain.Username]domain.UserID{},
	}
}

// Create implements ports.UserRepository.
func (r *Users) Create(ctx context.Context, u domain.User) error {
	if err := ended(ctx); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	taken := r.taken(u)
	if _, ok := r.byID[u.ID]; ok {
		taken = append(taken, "_id")
	}
	if taken != nil {
		return domain.UserExists(taken...)
	}
	u.Version = 1
	r.put(u)
	return nil
}

// ByID implements ports.UserRepository.
func (r *Users) ByID(ctx context.Context, id domain.UserID) (domain.User, error) {
	if err := ended(ctx); err != nil {
		return domain.User{}, err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.get(id)
}

// ByLogin implements ports.UserRepository.
func (r *Users) ByLogin(ctx context.Context, login domain.Login) (domain.User, error) {
	if err := ended(ctx); err != nil {
		return domain.User{}, err
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	id, ok := r.byEmail[login.Email]
	if login.Email.IsZero() {
		id, ok = r.byUsername[login.Username]
	}
	if !ok {
		return domain.User{}, ports.ErrNotFound
	}
	return r.get(id)
}

// Update implements ports.UserRepository.
func (r *Users) Update(ctx context.Context, u domain.User) error {
	if err := ended(ctx); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	old, err := r.get(u.ID)
	if err != nil {
		return err
	}
	if old.Version != u.Version {
		return ports.ErrStale
	}
	if taken := r.taken(u); taken != nil {
		return domain.UserExists(taken...)
	}
	u.CreatedAt = old.CreatedAt
	u.Version++
	r.remove(old)
	r.put(u)
	return nil
}

// Delete implements ports.UserRepository.
func (r *Users) Delete(ctx context.Context, id domain.UserID) error {
	if err := ended(ctx); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.remove(r.byID[id])
	return nil
}

func (r *Users) get(id domain.UserID) (domain.User, error) {
	u, ok := r.byID[id]
	if !ok {
		return domain.User{}, ports.ErrNotFound
	}
	return u, nil
}

// taken is which of the user's names belong to somebody else.
func (r *Users) taken(u domain.User) (fields []string) {
	if owner, ok := r.byEmail[u.Email]; ok && owner != u.ID {
		fields = append(fields, "email")
	}
	if owner, ok := r.byUsername[u.Username]; ok && owner != u.ID {
		fields = append(fields, "username")
	}
	return fields
}

func (r *Users) put(u domain.User) {
	u.CreatedAt, u.UpdatedAt = stored(u.CreatedAt), stored(u.UpdatedAt)
	r.byID[u.ID] = u
	if !u.Email.IsZero() {
		r.byEmail[u.Email] = u.ID
	}
	if !u.Username.IsZero() {
		r.byUsername[u.Username] = u.ID
	}
}

// remove forgets the user with their names. The zero user has none.
func (r *Users) remove(u domain.User) {
	delete(r.byID, u.ID)
	delete(r.byEmail, u.Email)
	delete(r.byUsername, u.Username)
}
