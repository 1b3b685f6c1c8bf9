package redis

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/latchkey-auth/latchkey/domain"
)

// How names stay unique, where no script can change a user's record and the claims on its names at one instant:
//
// A name is its user's while the user's record holds it. A write that gives a user a name notes an intent beside the
// record, claims the name, which is a compare-and-swap on the name's key, and commits: a script replaces the record if
// the intent is still there, and removes the intent. So
//
//   - where a record holds a name, the name's key holds the claim by which the record got it, and stays so;
//   - a claim whose intent is gone, and whose name the record of its user lacks, is void for ever, since nothing can
//     commit it any more: whoever meets it takes the name over, again by compare-and-swap;
//   - a claim whose intent is there may be committed at any moment. Whoever meets it waits for that, or for its end;
//     after a while they remove the intent. That is safe at any time: the writer, if it still lives, finds its intent
//     gone, and begins anew.
//
// A process that is killed half-way therefore leaves a void claim at most, which keeps nobody from the name for longer
// than that while. An intent that nobody meets goes by itself (intentTTL), and what it would have committed never will
// be. No two claims are alike, so that a late release never hits a claim made since.
//
// Names are claimed in one order, emails first, and intents come before claims: nobody waits in a circle.

const (
	// intentTTL is how long a write has from its intent to its commit.
	intentTTL = time.Minute
	// patience is how often a writer asks after another's intent before it removes it: a third of a second in all.
	patience = 11
	// pause is how long the first of the waits between takes; each is twice the one before, up to maxPause.
	pause    = 2 * time.Millisecond
	maxPause = 50 * time.Millisecond
)

var (
	swapValue    = load("swap")
	intendClaims = load("intend")
	holderOf     = load("holder")
)

// errOwn: the name has become this user's own, by another write than this.
var errOwn = errors.New("the user has the name already")

// claims are the claims that one write makes for a user, under one intent.
type claims struct {
	*Store
	user   domain.UserID
	intent string
	made   []name
}

func (s *Store) newClaims(user domain.UserID) *claims {
	return &claims{Store: s, user: user, intent: rand.Text()}
}

// claim is the value of a name's key: the intent under which it was claimed, and for whom.
func claim(intent string, user domain.UserID) string { return intent + ":" + string(user) }

func parseClaim(value string) (intent string, user domain.UserID) {
	intent, id, _ := strings.Cut(value, ":")
	return intent, domain.UserID(id)
}

// make claims the names. The error is domain.UserExists where one of them is somebody else's.
func (c *claims) make(ctx context.Context, names []name) error {
	_, err := c.run(ctx, intendClaims, []string{intentsKey(c.user)}, c.intent, intentTTL.Milliseconds())
	if err != nil {
		return err
	}
	for _, n := range names {
		c.made = append(c.made, n) // even if no answer comes
		if err := c.take(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// take makes one claim, in place of nothing or of a void one.
func (c *claims) take(ctx context.Context, n name) error {
	held := ""
	for {
		was, err := c.swap(ctx, n.key, held, claim(c.intent, c.user))
		if err != nil || was == held {
			return err
		}
		if held = was; held == "" {
			continue
		}
		if err := c.contest(ctx, n, held); err != nil {
			return err
		}
	}
}

// contest answers when a claim is void, and says so by an error when it is good.
func (c *claims) contest(ctx context.Context, n name, held string) error {
	intent, user := parseClaim(held)
	wait := pause
	for asked := 1; ; asked++ {
		has, pending, err := c.inspect(ctx, n, intent, user)
		switch {
		case err != nil:
			return err
		case has && user == c.user:
			return errOwn
		case has:
			return domain.UserExists(n.field)
		case !pending:
			return nil
		case asked >= c.patience:
			if err := c.giveUp(ctx, intent, user); err != nil {
				return err
			}
			continue
		}
		if err := sleep(ctx, wait); err != nil {
			return err
		}
		wait = min(2*wait, maxPause)
	}
}

// inspect reports whether the user has the name, and whether the intent may still be committed.
func (c *claims) inspect(ctx context.Context, n name, intent string, user domain.UserID) (has, pending bool, err error) {
	reply, err := c.run(ctx, holderOf, []string{userKey(user), intentsKey(user)}, intent)
	if err != nil {
		return false, false, err
	}
	pair := reply.([]any)
	holder, err := restoreStored(pair[0].(string))
	return holder.has(n), pair[1] == int64(1), err
}

// abandon takes back what was claimed, as far as the engine answers: what is left is void.
func (c *claims) abandon(ctx context.Context) {
	c.release(ctx, c.user, c.made)
	_ = c.giveUp(ctx, c.intent, c.user)
}

// giveUp ends an intent: nothing is committed under it any more.
func (s *Store) giveUp(ctx context.Context, intent string, user domain.UserID) error {
	return s.do(ctx, goredis.NewIntCmd(ctx, "srem", intentsKey(user), intent))
}

// release frees names that the user does not have any more, unless they were claimed again since.
func (s *Store) release(ctx context.Context, user domain.UserID, names []name) {
	for _, n := range names {
		_, _ = s.swap(ctx, n.key, claim(n.intent, user), "")
	}
}

// swap replaces a value if it is the expected one, and answers what it was. "" stands for nothing.
func (s *Store) swap(ctx context.Context, key, expected, next string) (was string, err error) {
	return s.text(ctx, swapValue, []string{key}, expected, next)
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return translate(ctx, ctx.Err())
	}
}
