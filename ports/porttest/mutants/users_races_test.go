package mutants

import (
	"context"
	"sync"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

func usersRaceMutants() []mutant[openUsers] {
	return []mutant[openUsers]{
		by("Races/OneWinnerOfACompareAndSwap Races/CountingLosesNothing Linearizable/CompareAndSwap",
			"compares, and then swaps", checksFirst("Update version")),
		by("Races/UpdateNeverBringsBackTheDeleted", "looks whether the user is there, and then writes", checksFirst("Update version")),
		by("Races/OneWinnerOfAnID", "checks the id before Create writes", checksFirst("Create _id")),
		by("NameRaces/OneCreateGetsAnEmail", "checks the email before Create writes",
			checksFirst("Create email")),
		by("NameRaces/OneCreateGetsAUsername", "checks the username before Create writes",
			checksFirst("Create username")),
		by("NameRaces/OneUpdateGetsAnEmail", "checks the email before Update writes",
			checksFirst("Update email")),
		by("NameRaces/OneUpdateGetsAUsername", "checks the username before Update writes",
			checksFirst("Update username")),
		by("NameRaces/OneOfCreateAndUpdateGetsAnEmail", "checks the email before it writes", checksFirst("Create email", "Update email")),
		by("NameRaces/CreatesFailOnlyForNamesThatAreHeld", "Create holds an email that it gives back", holdsEmail("Create")),
		by("NameRaces/UpdatesFailOnlyForNamesThatAreHeld", "Update holds an email that it gives back", holdsEmail("Update")),
	}
}

// holdsEmail claims the email, then the username, and gives the email back when that fails. Whoever comes meanwhile is
// told that the email is taken, which in the end it is not.
func holdsEmail(what string) openUsers {
	return brokenUsers(func(s *users) {
		var held sync.Map
		claim := func(u domain.User, write func() error) error {
			if _, taken := held.LoadOrStore(u.Email, true); taken {
				return domain.UserExists("email")
			}
			defer held.Delete(u.Email)
			pause()
			return write()
		}
		if what == "Create" {
			s.create = func(ctx context.Context, u domain.User) error {
				return claim(u, func() error { return s.UserRepository.Create(ctx, u) })
			}
			return
		}
		s.update = func(ctx context.Context, u domain.User) error {
			return claim(u, func() error { return s.UserRepository.Update(ctx, u) })
		}
	})
}

func usersLinearMutants() []mutant[openUsers] {
	return []mutant[openUsers]{
		by("Linearizable/UsersAndTheirNames", "ByLogin answers what it saw the last time", cachesLogins()),
		by("Linearizable/UsersAndTheirNames", "ByLogin reads the user after it has found the name, in history", lookingUp(inTwoReads)),
		by("Linearizable/WithContextsThatEnd", "leaves half a write when its context ends", leavesHalf()),
		by("Linearizable/WithContextsThatEnd", "says that a write is done which its context has ended", saysDone()),
	}
}

// cachesLogins remembers who was found by a name until that user is written by Update.
func cachesLogins() openUsers {
	return brokenUsers(func(s *users) {
		var cache sync.Map
		s.byLogin = func(ctx context.Context, login domain.Login) (domain.User, error) {
			if u, ok := cache.Load(login); ok {
				return u.(domain.User), nil
			}
			u, err := s.UserRepository.ByLogin(ctx, login)
			if err == nil {
				cache.Store(login, u)
			}
			return u, err
		}
		s.update = func(ctx context.Context, u domain.User) error {
			cache.Delete(domain.Login{Email: u.Email})
			cache.Delete(domain.Login{Username: u.Username})
			return s.UserRepository.Update(ctx, u)
		}
	})
}

// leavesHalf writes an Update in two steps, and looks at the context in between.
func leavesHalf() openUsers {
	return updating(func(ctx context.Context, whole ports.UserRepository, u domain.User) error {
		stored, err := whole.ByID(ctx, u.ID)
		if err != nil || stored.Version != u.Version {
			return whole.Update(ctx, u)
		}
		half := stored
		half.Fullname = u.Fullname
		pause()
		if ctx.Err() == nil {
			return whole.Update(ctx, u)
		}
		_ = whole.Update(context.WithoutCancel(ctx), half)
		return ports.Unavailable(ctx.Err())
	})
}

// saysDone has queued the write, so it thinks, and a context that ends takes it out of the queue.
func saysDone() openUsers {
	return updating(func(ctx context.Context, whole ports.UserRepository, u domain.User) error {
		stored, err := whole.ByID(ctx, u.ID)
		if err != nil || stored.Version != u.Version {
			return whole.Update(ctx, u)
		}
		pause()
		if ctx.Err() != nil {
			return nil
		}
		return whole.Update(ctx, u)
	})
}

func usersContextMutants() []mutant[openUsers] {
	return []mutant[openUsers]{
		by("Contexts/EndedContextCreatesNothing", "Create ignores its context", creating(
			func(ctx context.Context, whole ports.UserRepository, u domain.User) error {
				return whole.Create(context.WithoutCancel(ctx), u)
			})),
		by("Contexts/EndedContextCreatesNothing", "a Create that was cancelled happens all the same", creating(
			func(ctx context.Context, whole ports.UserRepository, u domain.User) error {
				if ctx.Err() != nil {
					_ = whole.Create(context.WithoutCancel(ctx), u)
					return ports.Unavailable(ctx.Err())
				}
				return whole.Create(ctx, u)
			})),
		by("Contexts/EndedContextReadsNothing", "ByID ignores its context", brokenUsers(func(s *users) {
			s.byID = func(ctx context.Context, id domain.UserID) (domain.User, error) {
				return s.UserRepository.ByID(context.WithoutCancel(ctx), id)
			}
		})),
		by("Contexts/EndedContextReadsNothing", "ByLogin finds nobody when its context has ended", lookingUp(
			func(ctx context.Context, whole ports.UserRepository, login domain.Login) (domain.User, error) {
				u, err := whole.ByLogin(ctx, login)
				if ctx.Err() != nil {
					err = ports.ErrNotFound
				}
				return u, err
			})),
		by("Contexts/EndedContextUpdatesNothing", "Update hides why it is unavailable", updating(
			func(ctx context.Context, whole ports.UserRepository, u domain.User) error {
				if ctx.Err() != nil {
					return ports.ErrUnavailable
				}
				return whole.Update(ctx, u)
			})),
		by("Contexts/EndedContextUpdatesNothing", "Update writes before it looks at its context", updating(
			func(ctx context.Context, whole ports.UserRepository, u domain.User) error {
				err := whole.Update(context.WithoutCancel(ctx), u)
				if ctx.Err() != nil {
					return ports.Unavailable(ctx.Err())
				}
				return err
			})),
		by("Contexts/EndedContextDeletesNothing", "Delete ignores its context", removing(
			func(ctx context.Context, whole ports.UserRepository, id domain.UserID) error {
				return whole.Delete(context.WithoutCancel(ctx), id)
			})),
		by("Contexts/EndedContextDeletesNothing", "answers the bare error of the context", removing(
			func(ctx context.Context, whole ports.UserRepository, id domain.UserID) error {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				return whole.Delete(ctx, id)
			})),
	}
}
