package mutants

import (
	"context"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

func usersCreateMutants() []mutant[openUsers] {
	return []mutant[openUsers]{
		by("Create/KeepsAUserWithNothingButAnID", "demands an email", creating(demandEmail)),
		by("Create/StoresVersionOneWhateverIsGiven", "keeps the version that is given", creating(keepGivenVersion)),
		by("Create/TakenEmailIsNamed NameRaces/OneCreateGetsAnEmail", "blames the username always", blaming("username")),
		by("Create/TakenUsernameIsNamed NameRaces/OneCreateGetsAUsername", "blames the email always", blaming("email")),
		by("Create/NamesTakenByTwoOthers", "blames neither of two names", creating(blameNeither)),
		by("Create/TakenIDIsNamed Races/OneWinnerOfAnID", "Create overwrites who has the id", creating(overwriteID)),
		by("Create/TakenIDIsNamed Races/OneWinnerOfAnID", "blames the email where the id is taken", blaming("email")),
		by("Create/FailingStoresAndClaimsNothing", "a Create that fails claims the other name", leavesClaims(afterFailing("Create", userExists))),
		by("Create/FailingStoresAndClaimsNothing", "a Create that fails stores the rest", creating(storeTheRest)),
		by("Create/ZeroNamesCollideWithNobody UpdateNames/ZeroNamesCollideWithNobody", "the zero email is unique", uniqueZero()),
		by("Create/EmailsAndUsernamesAreApart", "emails and usernames are one kind of name", creating(oneKindOfName)),
		by("Create/LookalikesAreOthers", "accents make no difference", ignoresAccents()),
	}
}

func demandEmail(ctx context.Context, whole ports.UserRepository, u domain.User) error {
	if u.Email.IsZero() {
		return domain.Invalid("email", "is required")
	}
	return whole.Create(ctx, u)
}

func keepGivenVersion(ctx context.Context, whole ports.UserRepository, u domain.User) error {
	given := u.Version
	err := whole.Create(ctx, u)
	for u.Version = 1; err == nil && u.Version < given; u.Version++ {
		err = whole.Update(ctx, u)
	}
	return err
}

// blaming names this field whichever is taken.
func blaming(field string) openUsers {
	return creating(func(ctx context.Context, whole ports.UserRepository, u domain.User) error {
		err := whole.Create(ctx, u)
		if userExists(err) {
			return domain.UserExists(field)
		}
		return err
	})
}

func blameNeither(ctx context.Context, whole ports.UserRepository, u domain.User) error {
	err := whole.Create(ctx, u)
	if exists, ok := err.(*domain.Error); ok && len(exists.Fields) == 2 {
		return domain.UserExists()
	}
	return err
}

func overwriteID(ctx context.Context, whole ports.UserRepository, u domain.User) error {
	if _, err := whole.ByID(ctx, u.ID); err == nil {
		pause()
		return overwrite(ctx, whole, u)
	}
	return whole.Create(ctx, u)
}

func storeTheRest(ctx context.Context, whole ports.UserRepository, u domain.User) error {
	err := whole.Create(ctx, u)
	if userExists(err) {
		u.Email, u.Username = domain.Email{}, domain.Username{}
		_ = whole.Create(ctx, u)
	}
	return err
}

func uniqueZero() openUsers {
	return brokenUsers(func(s *users) {
		var owner domain.UserID
		claim := func(u domain.User, write func() error) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			if u.Email.IsZero() && owner != "" && owner != u.ID {
				return domain.UserExists("email")
			}
			err := write()
			switch {
			case err != nil:
			case u.Email.IsZero():
				owner = u.ID
			case owner == u.ID:
				owner = ""
			}
			return err
		}
		s.create = func(ctx context.Context, u domain.User) error {
			return claim(u, func() error { return s.UserRepository.Create(ctx, u) })
		}
		s.update = func(ctx context.Context, u domain.User) error {
			return claim(u, func() error { return s.UserRepository.Update(ctx, u) })
		}
	})
}

func oneKindOfName(ctx context.Context, whole ports.UserRepository, u domain.User) error {
	if _, err := whole.ByLogin(ctx, domain.Login{Email: domain.RestoreEmail(u.Username.String())}); err == nil {
		return domain.UserExists("username")
	}
	return whole.Create(ctx, u)
}

func ignoresAccents() openUsers {
	return brokenUsers(func(s *users) {
		seen := map[string]domain.UserID{}
		s.create = func(ctx context.Context, u domain.User) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			plain := withoutAccents(u.Username.String())
			if owner, ok := seen[plain]; ok {
				if _, err := s.UserRepository.ByID(ctx, owner); err == nil {
					return domain.UserExists("username")
				}
			}
			seen[plain] = u.ID
			return s.UserRepository.Create(ctx, u)
		}
	})
}
