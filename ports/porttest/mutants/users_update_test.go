package mutants

import (
	"context"
	"reflect"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

func usersUpdateMutants() []mutant[openUsers] {
	return []mutant[openUsers]{
		by("Update/StoresEveryFieldAndTheNextVersion", "Update does not count", updateDoesNotCount()),
		by("Update/CanEmptyEveryField", "Update leaves out what is empty", updating(leaveOutEmpty)),
		by("Update/NeverChangesCreatedAt", "Update changes CreatedAt", updateChangesCreatedAt()),
		by("Update/LeavesOthersAlone", "Update writes to everybody", updateWritesToAll()),
		by("Update/SameValueCountsAsAWrite", "the same value is not written", updating(skipTheSame)),
		by("Update/StaleVersionChangesNothing Races/OneWinnerOfACompareAndSwap Races/CountingLosesNothing Linearizable/CompareAndSwap",
			"the version is not checked", updating(overwrite)),
		by("Update/StaleVersionChangesNothing", "only older versions are stale", updating(writeNewer)),
		by("Update/StaleVersionChangesNothing", "ErrStale comes after the write", updating(writeThenSayStale)),
		by("Update/StaleVersionClaimsNothing Races/LosersOfACompareAndSwapClaimNothing", "a stale Update claims its names", leavesClaims(afterFailing("Update", isStale))),
		by("Update/UnknownUserIsNotFound Delete/DeletedUserIsNotUpdated", "Update creates who is not there", updating(upsert)),
		by("Update/UnknownUserIsNotFound Delete/DeletedUserIsNotUpdated", "who is not there is stale", updating(staleForNobody)),
	}
}

// updateDoesNotCount checks the version, and leaves it as it was.
func updateDoesNotCount() openUsers {
	return answering(func(u *domain.User) { u.Version = min(u.Version, 1) })
}

func leaveOutEmpty(ctx context.Context, whole ports.UserRepository, u domain.User) error {
	if stored, err := whole.ByID(ctx, u.ID); err == nil {
		for i := range reflect.TypeFor[domain.User]().NumField() {
			if field := reflect.ValueOf(&u).Elem().Field(i); field.IsZero() {
				field.Set(reflect.ValueOf(stored).Field(i))
			}
		}
	}
	return whole.Update(ctx, u)
}

func updateChangesCreatedAt() openUsers {
	return brokenUsers(func(s *users) {
		changed := map[domain.UserID]time.Time{}
		s.update = func(ctx context.Context, u domain.User) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			changed[u.ID] = u.CreatedAt
			return s.UserRepository.Update(ctx, u)
		}
		s.byID = func(ctx context.Context, id domain.UserID) (domain.User, error) {
			u, err := s.UserRepository.ByID(ctx, id)
			s.mu.Lock()
			defer s.mu.Unlock()
			if at, ok := changed[id]; ok {
				u.CreatedAt = at
			}
			return u, err
		}
	})
}

// updateWritesToAll has forgotten whom it is about.
func updateWritesToAll() openUsers {
	return brokenUsers(func(s *users) {
		var all []domain.UserID
		s.create = func(ctx context.Context, u domain.User) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			all = append(all, u.ID)
			return s.UserRepository.Create(ctx, u)
		}
		s.update = func(ctx context.Context, u domain.User) error {
			err := s.UserRepository.Update(ctx, u)
			s.mu.Lock()
			defer s.mu.Unlock()
			for _, id := range all {
				if other, missing := s.UserRepository.ByID(ctx, id); id != u.ID && missing == nil && err == nil {
					other.Fullname = u.Fullname
					_ = s.UserRepository.Update(ctx, other)
				}
			}
			return err
		}
	})
}

func skipTheSame(ctx context.Context, whole ports.UserRepository, u domain.User) error {
	if stored, err := whole.ByID(ctx, u.ID); err == nil && reflect.DeepEqual(stored, u) {
		return nil
	}
	return whole.Update(ctx, u)
}

func writeNewer(ctx context.Context, whole ports.UserRepository, u domain.User) error {
	if stored, err := whole.ByID(ctx, u.ID); err == nil && u.Version > stored.Version {
		u.Version = stored.Version
	}
	return whole.Update(ctx, u)
}

func writeThenSayStale(ctx context.Context, whole ports.UserRepository, u domain.User) error {
	err := whole.Update(ctx, u)
	if isStale(err) {
		_ = overwrite(ctx, whole, u)
	}
	return err
}

func upsert(ctx context.Context, whole ports.UserRepository, u domain.User) error {
	err := whole.Update(ctx, u)
	if err == ports.ErrNotFound {
		return whole.Create(ctx, u)
	}
	return err
}

func staleForNobody(ctx context.Context, whole ports.UserRepository, u domain.User) error {
	err := whole.Update(ctx, u)
	if err == ports.ErrNotFound {
		return ports.ErrStale
	}
	return err
}
