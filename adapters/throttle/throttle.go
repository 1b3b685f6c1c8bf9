// Package throttle bounds how often something may be tried.
package throttle

import (
	"context"
	"time"

	"golang.org/x/time/rate"

	"github.com/latchkey-auth/latchkey/ports"
)

// Limit is how often within which time. Both are positive.
type Limit struct {
	Count int
	Per   time.Duration
}

// rate is how fast what was spent comes back.
func (l Limit) rate() rate.Limit { return rate.Limit(float64(l.Count) / l.Per.Seconds()) }

var _ ports.Throttle = Unlimited{}

// Unlimited is a ports.Throttle that lets everyone do everything at once.
type Unlimited struct{}

// Check implements ports.Throttle.
func (Unlimited) Check(context.Context, string) (time.Duration, error) { return 0, nil }

// Count implements ports.Throttle.
func (Unlimited) Count(context.Context, string) (time.Duration, error) { return 0, nil }
