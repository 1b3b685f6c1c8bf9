package mutants

import (
	"context"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

func usersReadMutants() []mutant[openUsers] {
	return []mutant[openUsers]{
		by("Read/UnknownIDIsNotFound", "ByID answers the zero user for nobody", brokenUsers(func(s *users) {
			s.byID = func(ctx context.Context, id domain.UserID) (domain.User, error) {
				return zeroForNobody(s.UserRepository.ByID(ctx, id))
			}
		})),
		by("Read/UnknownLoginIsNotFound", "ByLogin answers the zero user for nobody",
			lookingUp(func(ctx context.Context, whole ports.UserRepository, login domain.Login) (domain.User, error) {
				return zeroForNobody(whole.ByLogin(ctx, login))
			})),
		by("Read/ZeroLoginIsNotFound", "the zero Login is whoever has no names", zeroLoginIsSomebody()),
		by("Read/EmailGoesBeforeUsername", "the username goes before the email", lookingUp(usernameFirst)),
		by("Read/EmailGoesBeforeUsername", "looks for the username where nobody has the email", lookingUp(eitherName)),
		by("Read/EmailIsNoUsername", "takes an email as a username too", lookingUp(emailAsUsername)),
		by("ReadRaces/LoginAnswersOnlyWhoHasTheName", "ByLogin reads the user after it has found the name", lookingUp(inTwoReads)),
		by("ReadRaces/ReadersSeeWholeWritesInOrder", "shows a write that is half done", halfDone()),
		by("ReadRaces/ReadersSeeWholeWritesInOrder Linearizable/CompareAndSwap", "every third read is late", everyThirdReadIsLate()),
		by("ReadRaces/NameThatStaysIsAlwaysFound", "drops the names before it writes them anew", dropsNamesMeanwhile()),
	}
}

func zeroForNobody(u domain.User, err error) (domain.User, error) {
	if err == ports.ErrNotFound {
		err = nil
	}
	return u, err
}

func zeroLoginIsSomebody() openUsers {
	return brokenUsers(func(s *users) {
		var nameless domain.UserID
		s.create = func(ctx context.Context, u domain.User) error {
			if u.Email.IsZero() && u.Username.IsZero() {
				nameless = u.ID
			}
			return s.UserRepository.Create(ctx, u)
		}
		s.byLogin = func(ctx context.Context, login domain.Login) (domain.User, error) {
			if login == (domain.Login{}) {
				return s.UserRepository.ByID(ctx, nameless)
			}
			return s.UserRepository.ByLogin(ctx, login)
		}
	})
}

func usernameFirst(ctx context.Context, whole ports.UserRepository, login domain.Login) (domain.User, error) {
	if !login.Username.IsZero() {
		login.Email = domain.Email{}
	}
	return whole.ByLogin(ctx, login)
}

func eitherName(ctx context.Context, whole ports.UserRepository, login domain.Login) (domain.User, error) {
	u, err := whole.ByLogin(ctx, login)
	if err == ports.ErrNotFound {
		return whole.ByLogin(ctx, domain.Login{Username: login.Username})
	}
	return u, err
}

func emailAsUsername(ctx context.Context, whole ports.UserRepository, login domain.Login) (domain.User, error) {
	if login.Email.IsZero() {
		if u, err := whole.ByLogin(ctx, domain.Login{Email: domain.RestoreEmail(login.Username.String())}); err == nil {
			return u, nil
		}
	}
	return whole.ByLogin(ctx, login)
}

func inTwoReads(ctx context.Context, whole ports.UserRepository, login domain.Login) (domain.User, error) {
	u, err := whole.ByLogin(ctx, login)
	if err != nil {
		return u, err
	}
	pause()
	return whole.ByID(ctx, u.ID)
}

// halfDone lets readers see an Update of which only the texts are written.
func halfDone() openUsers {
	return brokenUsers(func(s *users) {
		half := map[domain.UserID]string{}
		show := func(id domain.UserID, fullname string) {
			s.mu.Lock()
			defer s.mu.Unlock()
			half[id] = fullname
		}
		s.update = func(ctx context.Context, u domain.User) error {
			show(u.ID, u.Fullname)
			pause()
			err := s.UserRepository.Update(ctx, u)
			show(u.ID, "")
			return err
		}
		s.byID = func(ctx context.Context, id domain.UserID) (domain.User, error) {
			u, err := s.UserRepository.ByID(ctx, id)
			s.mu.Lock()
			defer s.mu.Unlock()
			if half[id] != "" {
				u.Fullname = half[id]
			}
			return u, err
		}
	})
}

// everyThirdReadIsLate has three replicas that take turns, one of which is some writes behind.
func everyThirdReadIsLate() openUsers {
	return brokenUsers(func(s *users) {
		log := map[domain.UserID][]domain.User{}
		reads := 0
		s.update = func(ctx context.Context, u domain.User) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			stored, _ := s.UserRepository.ByID(ctx, u.ID)
			err := s.UserRepository.Update(ctx, u)
			if err == nil {
				log[u.ID] = append(log[u.ID], stored)
			}
			return err
		}
		s.byID = func(ctx context.Context, id domain.UserID) (domain.User, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			reads++
			if old := log[id]; len(old) > 0 && reads%3 == 0 {
				return old[max(0, len(old)-behind)], nil
			}
			return s.UserRepository.ByID(ctx, id)
		}
	})
}

// behind is by how many writes a replica lags.
const behind = 7

// dropsNamesMeanwhile has nobody be found by name while they are written.
func dropsNamesMeanwhile() openUsers {
	return brokenUsers(func(s *users) {
		writing := 0
		count := func(n int) {
			s.mu.Lock()
			defer s.mu.Unlock()
			writing += n
		}
		s.update = func(ctx context.Context, u domain.User) error {
			count(1)
			defer count(-1)
			pause()
			return s.UserRepository.Update(ctx, u)
		}
		s.byLogin = func(ctx context.Context, login domain.Login) (domain.User, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			if writing > 0 {
				return domain.User{}, ports.ErrNotFound
			}
			return s.UserRepository.ByLogin(ctx, login)
		}
	})
}
