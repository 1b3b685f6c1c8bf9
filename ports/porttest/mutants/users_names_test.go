package mutants

import (
	"context"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

func usersNameMutants() []mutant[openUsers] {
	return []mutant[openUsers]{
		by("UpdateNames/OwnNamesAreNoCollision", "the own email is taken", updating(ownEmailIsTaken)),
		by("UpdateNames/TakenEmailIsNamedAndChangesNothing UpdateNames/TakenUsernameIsNamedAndChangesNothing",
			"an Update to a taken name writes the rest", updating(writeTheRest)),
		by("UpdateNames/TakenEmailIsNamedAndChangesNothing NameRaces/OneUpdateGetsAnEmail", "Update blames the username always",
			updating(blameUsername)),
		by("UpdateNames/TakenUsernameIsNamedAndChangesNothing NameRaces/OneUpdateGetsAUsername",
			"an Update to a taken name claims the other", leavesClaims(afterFailing("Update", userExists))),
		by("UpdateNames/NewNamesAreClaimed", "only Create claims names", ownsNames(func(u domain.User) bool { return u.Version == 1 })),
		by("UpdateNames/OldNamesAreFreed UpdateNames/NamesGivenUpAreFreed UpdateNames/NamesCanComeBack",
			"Update frees no names", leavesClaims(formerNames("Update"))),
		by("UpdateNames/NamesGivenUpAreFreed", "a name that is given up stays taken", leavesClaims(givenUp)),
	}
}

func ownEmailIsTaken(ctx context.Context, whole ports.UserRepository, u domain.User) error {
	if stored, err := whole.ByID(ctx, u.ID); err == nil && stored.Version == u.Version && stored.Email == u.Email && !u.Email.IsZero() {
		return domain.UserExists("email")
	}
	return whole.Update(ctx, u)
}

func writeTheRest(ctx context.Context, whole ports.UserRepository, u domain.User) error {
	err := whole.Update(ctx, u)
	if stored, missing := whole.ByID(ctx, u.ID); userExists(err) && missing == nil {
		u.Email, u.Username = stored.Email, stored.Username
		_ = whole.Update(ctx, u)
	}
	return err
}

func blameUsername(ctx context.Context, whole ports.UserRepository, u domain.User) error {
	err := whole.Update(ctx, u)
	if userExists(err) {
		return domain.UserExists("username")
	}
	return err
}

func usersDeleteMutants() []mutant[openUsers] {
	return []mutant[openUsers]{
		by("Delete/RemovesTheUser", "Delete hides the user from ByLogin alone", deleteHides()),
		by("Delete/FreesTheNames Delete/FreesNamesThatAnUpdateClaimed", "Delete frees no names", leavesClaims(formerNames("Delete"))),
		by("Delete/FreesNamesThatAnUpdateClaimed", "Delete frees the names of the registration", leavesClaims(updatedThenDeleted)),
		by("Delete/NobodyIsNoError", "Delete of nobody is an error", removing(deleteNobodyFails)),
		by("Delete/LeavesOthersAlone", "Delete goes by the email that the user had", deleteByEmail()),
		by("Delete/LeavesOthersAlone", "Delete removes everybody", deleteAll()),
	}
}

// deleteHides marks who is deleted, and ByID does not look at the mark.
func deleteHides() openUsers {
	return brokenUsers(func(s *users) {
		s.remove = func(ctx context.Context, id domain.UserID) error {
			u, err := s.UserRepository.ByID(ctx, id)
			if err != nil {
				return nil
			}
			return s.UserRepository.Update(ctx, domain.User{ID: id, Fullname: u.Fullname, Version: u.Version})
		}
	})
}

// updatedThenDeleted are the names of a user who was updated before they were deleted.
func updatedThenDeleted(w write) []domain.Login {
	if w.what == "Delete" && w.old.Version > 1 {
		return names(w.old)
	}
	return nil
}

func deleteNobodyFails(ctx context.Context, whole ports.UserRepository, id domain.UserID) error {
	if _, err := whole.ByID(ctx, id); err != nil {
		return err
	}
	return whole.Delete(ctx, id)
}

func deleteByEmail() openUsers {
	return brokenUsers(func(s *users) {
		emails := map[domain.UserID]domain.Email{}
		s.create = func(ctx context.Context, u domain.User) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			emails[u.ID] = u.Email
			return s.UserRepository.Create(ctx, u)
		}
		s.remove = func(ctx context.Context, id domain.UserID) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			if heir, err := s.UserRepository.ByLogin(ctx, domain.Login{Email: emails[id]}); err == nil {
				return s.UserRepository.Delete(ctx, heir.ID)
			}
			return s.UserRepository.Delete(ctx, id)
		}
	})
}

func deleteAll() openUsers {
	return brokenUsers(func(s *users) {
		var all []domain.UserID
		s.create = func(ctx context.Context, u domain.User) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			all = append(all, u.ID)
			return s.UserRepository.Create(ctx, u)
		}
		s.remove = func(ctx context.Context, _ domain.UserID) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			for _, id := range all {
				_ = s.UserRepository.Delete(ctx, id)
			}
			return nil
		}
	})
}
