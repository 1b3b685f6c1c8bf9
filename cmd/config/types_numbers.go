package config

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// Port is a TCP port.
type Port uint16

// UnmarshalText parses a decimal number.
func (p *Port) UnmarshalText(text []byte) error {
	n, err := strconv.ParseUint(string(text), 10, 16)
	*p = Port(n)
	return err
}

// String is the number.
func (p Port) String() string { return strconv.Itoa(int(p)) }

// Duration is a length of time of a second or more: tokens count in seconds.
type Duration time.Duration

// UnmarshalText parses Go's notation, and whole days as 15d.
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := parseDuration(string(text))
	*d = Duration(parsed)
	return errors.Join(err, orWrong(parsed >= time.Second))
}

// Timeout is a positive length of time.
type Timeout time.Duration

// UnmarshalText parses as Duration does.
func (t *Timeout) UnmarshalText(text []byte) error {
	parsed, err := parseDuration(string(text))
	*t = Timeout(parsed)
	return errors.Join(err, orWrong(parsed > 0))
}

// Grace is a Duration from nothing to ten minutes.
type Grace time.Duration

// UnmarshalText parses as Duration does.
func (g *Grace) UnmarshalText(text []byte) error {
	parsed, err := parseDuration(string(text))
	*g = Grace(parsed)
	return errors.Join(err, orWrong(parsed >= 0 && parsed <= 10*time.Minute))
}

const day = 24 * time.Hour

func parseDuration(s string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16) // 179 years at most
		return time.Duration(n) * day, err
	}
	return time.ParseDuration(s)
}

// Count is a whole number, 0 included.
type Count int

// UnmarshalText parses a decimal number.
func (c *Count) UnmarshalText(text []byte) error {
	n, err := strconv.ParseUint(string(text), 10, 31)
	*c = Count(n)
	return err
}

// Positive is a length that a password may be asked to have.
type Positive int

// UnmarshalText parses a decimal number from 1 to 72.
func (p *Positive) UnmarshalText(text []byte) error {
	n, err := strconv.Atoi(string(text))
	*p = Positive(n)
	return errors.Join(err, orWrong(n >= 1 && n <= 72))
}

// Limit is so many within a time.
type Limit struct {
	Count int
	Per   time.Duration
}

// UnmarshalText parses COUNT/DURATION.
func (l *Limit) UnmarshalText(text []byte) error {
	count, per, _ := strings.Cut(string(text), "/")
	n, err := strconv.ParseUint(count, 10, 31)
	duration, err2 := parseDuration(per)
	l.Count, l.Per = int(n), duration
	return errors.Join(err, err2, orWrong(n > 0 && duration > 0))
}
