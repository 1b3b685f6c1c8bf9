package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/latchkey-auth/latchkey/adapters/mongo"
	"github.com/latchkey-auth/latchkey/adapters/password"
	"github.com/latchkey-auth/latchkey/adapters/redis"
	"github.com/latchkey-auth/latchkey/adapters/sqlite"
	"github.com/latchkey-auth/latchkey/cmd/config"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// atOnce is how many writes are under way: adapters write those that come together in groups.
const atOnce = 256

// store is what is filled.
type store struct {
	users    ports.UserRepository
	sessions ports.TokenStore
	close    func() error
}

var errTwoStores = errors.New("users and sessions are to be in one store, of SQLite, Redis or MongoDB")

func open(ctx context.Context, cfg config.Config) (store, error) {
	if cfg.UserStore != cfg.TokenStore {
		return store{}, errTwoStores
	}
	switch url := cfg.UserStore; url.Scheme() {
	case "sqlite":
		db, err := sqlite.Open(ctx, url.Path(), time.Now)
		if err != nil {
			return store{}, err
		}
		return store{db.Users(), db.Sessions(), db.Close}, nil
	case "mongodb", "mongodb+srv":
		s, err := mongo.Connect(ctx, url.Reveal(), time.Now)
		if err != nil {
			return store{}, err
		}
		return store{s.Users(), s.Sessions(), s.Close}, nil
	case "memory":
		return store{}, errTwoStores
	default:
		s, err := redis.Connect(ctx, url.Reveal(), time.Now)
		if err != nil {
			return store{}, err
		}
		return store{s.Users(), s.Sessions(), s.Close}, nil
	}
}

// fill writes people, each with as many sessions as the next one, or one more.
func fill(ctx context.Context, cfg config.Config, users, sessions int) (err error) {
	s, err := open(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	hash, err := hashOf(ctx, everybodysPassword)
	if err != nil {
		return err
	}
	began := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for n := range users {
		if ctx.Err() != nil {
			break
		}
		joined := began.Add(time.Duration(n-users) * time.Second) // one after the other
		group.Go(func() error { return s.person(ctx, n, share(sessions, users, n), hash, joined, cfg.SessionPolicy()) })
		if n > 0 && n%max(users/10, 10_000) == 0 {
			fmt.Printf("%d people in %v\n", n, time.Since(began).Round(time.Second))
		}
	}
	if err := group.Wait(); err != nil {
		return err
	}
	fmt.Printf("%d people with %d sessions in %v\n", users, sessions, time.Since(began).Round(time.Millisecond))
	return nil
}

// person writes somebody who joined once, and signed in so many times today.
func (s store) person(ctx context.Context, n, sessions int, hash domain.Secret, joined time.Time, policy domain.SessionPolicy) error {
	joined, now := joined.UTC().Truncate(time.Millisecond), time.Now().UTC().Truncate(time.Millisecond)
	email, err := domain.ParseEmail(emailOf(n))
	if err != nil {
		return err
	}
	u := domain.User{
		ID: domain.NewUserID(joined), Email: email, Fullname: fmt.Sprint("Person ", n),
		PasswordHash: hash, CreatedAt: joined, UpdatedAt: joined,
	}
	if err := s.users.Create(ctx, u); err != nil {
		return err
	}
	for range sessions {
		if err := s.sessions.Create(ctx, domain.NewSession(u, client, now, policy)); err != nil {
			return err
		}
	}
	return nil
}

var client = domain.Client{IP: "192.0.2.1", UserAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}

// everybodysPassword and the emails are those that tests/load signs in with.
const everybodysPassword = "a lamp beside the door"

func emailOf(n int) string { return fmt.Sprintf("person-%d@example.org", n) }

// hashOf is one hash, for everybody.
func hashOf(ctx context.Context, text string) (domain.Secret, error) {
	prepared, err := domain.PresentedPassword("password", text)
	if err != nil {
		return domain.Secret{}, err
	}
	hasher := password.New(cheap)
	defer hasher.Close()
	return hasher.Hash(ctx, "", prepared)
}

// share is how many of all things the nth of so many people has.
func share(all, people, n int) int { return all*(n+1)/people - all*n/people }
