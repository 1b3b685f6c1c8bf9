package mutants

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// write is a Create, an Update or a Delete that has been answered.
type write struct {
	what     string
	old, new domain.User
	err      error
}

// names are those of the users.
func names(all ...domain.User) (names []domain.Login) {
	for _, u := range all {
		names = append(names, domain.Login{Email: u.Email}, domain.Login{Username: u.Username})
	}
	return names
}

// leavesClaims keeps names after a write, though they are nobody's: nobody can have them any more.
func leavesClaims(left func(w write) []domain.Login) openUsers {
	return brokenUsers(func(s *users) {
		claimed := map[domain.Login]bool{}
		guard := func(ctx context.Context, what string, u domain.User, do func() error) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			switch {
			case claimed[domain.Login{Email: u.Email}]:
				return domain.UserExists("email")
			case claimed[domain.Login{Username: u.Username}]:
				return domain.UserExists("username")
			}
			old, _ := s.UserRepository.ByID(ctx, u.ID)
			err := do()
			for _, name := range left(write{what, old, u, err}) {
				if _, free := s.UserRepository.ByLogin(ctx, name); free == ports.ErrNotFound && name != (domain.Login{}) {
					claimed[name] = true
				}
			}
			return err
		}
		s.create = func(ctx context.Context, u domain.User) error {
			return guard(ctx, "Create", u, func() error { return s.UserRepository.Create(ctx, u) })
		}
		s.update = func(ctx context.Context, u domain.User) error {
			return guard(ctx, "Update", u, func() error { return s.UserRepository.Update(ctx, u) })
		}
		s.remove = func(ctx context.Context, id domain.UserID) error {
			return guard(ctx, "Delete", domain.User{ID: id}, func() error { return s.UserRepository.Delete(ctx, id) })
		}
	})
}

// afterFailing are the names of a write that failed so.
func afterFailing(what string, so func(err error) bool) func(w write) []domain.Login {
	return func(w write) []domain.Login {
		if w.what == what && so(w.err) {
			return names(w.new)
		}
		return nil
	}
}

// formerNames are those that a write has taken away.
func formerNames(what string) func(w write) []domain.Login {
	return func(w write) []domain.Login {
		if w.what == what && w.err == nil {
			return names(w.old)
		}
		return nil
	}
}

// givenUp are the names for which an Update put nothing in their place.
func givenUp(w write) []domain.Login {
	if w.what == "Update" && w.err == nil && w.new.Email.IsZero() {
		return names(w.old)[:1]
	}
	return nil
}

// userExists reports whether a name or an id was taken.
func userExists(err error) bool {
	e, ok := err.(*domain.Error)
	return ok && e.Code == domain.CodeUserExists
}

// isStale reports whether a version was.
func isStale(err error) bool { return err == ports.ErrStale }

// pile is a repository that checks some things first and writes then, in two steps, rather than in one.
type pile struct {
	mu    sync.Mutex
	users map[domain.UserID]domain.User
	// first is what is checked first, as "Create email" or "Update version".
	first []string
	// owns reports whether a user owns their names.
	owns func(u domain.User) bool
}

// checksFirst opens a pile that checks these first, and all else in the step that writes.
func checksFirst(first ...string) openUsers {
	return func() ports.UserRepository {
		return &pile{users: map[domain.UserID]domain.User{}, first: first, owns: func(domain.User) bool { return true }}
	}
}

// ownsNames opens a pile where only these users own their names.
func ownsNames(owns func(u domain.User) bool) openUsers {
	return func() ports.UserRepository { return &pile{users: map[domain.UserID]domain.User{}, owns: owns} }
}

// check is what keeps a user from being written, among what checked selects.
func (p *pile) check(what string, u domain.User, checked func(what string) bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.refusal(what, u, checked)
}

func (p *pile) refusal(what string, u domain.User, checked func(what string) bool) error {
	stored, known := p.users[u.ID]
	switch {
	case what == "Create" && known && checked("Create _id"):
		return domain.UserExists("_id")
	case what == "Update" && !known && checked("Update version"):
		return ports.ErrNotFound
	case what == "Update" && stored.Version != u.Version && checked("Update version"):
		return ports.ErrStale
	}
	for _, other := range p.users {
		switch {
		case other.ID == u.ID || !p.owns(other):
		case other.Email == u.Email && !u.Email.IsZero() && checked(what+" email"):
			return domain.UserExists("email")
		case other.Username == u.Username && !u.Username.IsZero() && checked(what+" username"):
			return domain.UserExists("username")
		}
	}
	return nil
}

func (p *pile) isFirst(what string) bool { return slices.Contains(p.first, what) }

func (p *pile) write(what string, u domain.User) error {
	if err := p.check(what, u, p.isFirst); err != nil {
		return err
	}
	if slices.ContainsFunc(p.first, func(check string) bool { return strings.HasPrefix(check, what) }) {
		pause()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.refusal(what, u, func(what string) bool { return !p.isFirst(what) }); err != nil {
		return err
	}
	if what == "Create" {
		u.Version = 0
	}
	u.Version++
	p.users[u.ID] = u
	return nil
}

// Create implements ports.UserRepository.
func (p *pile) Create(_ context.Context, u domain.User) error { return p.write("Create", u) }

// Update implements ports.UserRepository.
func (p *pile) Update(_ context.Context, u domain.User) error { return p.write("Update", u) }

// Delete implements ports.UserRepository.
func (p *pile) Delete(_ context.Context, id domain.UserID) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.users, id)
	return nil
}

// ByID implements ports.UserRepository.
func (p *pile) ByID(_ context.Context, id domain.UserID) (domain.User, error) {
	return p.find(func(u domain.User) bool { return u.ID == id })
}

// ByLogin implements ports.UserRepository.
func (p *pile) ByLogin(_ context.Context, login domain.Login) (domain.User, error) {
	if !login.Email.IsZero() {
		return p.find(func(u domain.User) bool { return u.Email == login.Email })
	}
	return p.find(func(u domain.User) bool { return u.Username == login.Username && !u.Username.IsZero() })
}

func (p *pile) find(is func(u domain.User) bool) (domain.User, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, u := range p.users {
		if is(u) {
			return u, nil
		}
	}
	return domain.User{}, ports.ErrNotFound
}
