package domain

import "time"

// Outcome is what became of a refresh token that was presented.
type Outcome int

// The outcomes of Redeem.
const (
	// Rotated: the newest token was presented; it is retired and the next generation answered.
	Rotated Outcome = iota + 1
	// Repeated: the newest token's immediate predecessor came within the grace, because two tabs refreshed
	// at once or an answer was lost. Nothing changes, and the newest token is answered again.
	Repeated
	// RolledForward: a token newer than the stored generation came. The store lost its newest writes
	// (a failover, a restored backup), and the signed token proves that they happened.
	RolledForward
	// Reused: a retired token came back. It was stolen, as far as anyone can tell, and the session is over.
	Reused
)

// String is the outcome in a word.
func (o Outcome) String() string {
	switch o {
	case Rotated:
		return "rotated"
	case Repeated:
		return "repeated"
	case RolledForward:
		return "rolled forward"
	case Reused:
		return "reused"
	}
	return "unknown"
}

// Redeem decides what a refresh token of the given generation is worth, and returns the session as it is afterwards.
// Generations count from 1.
// The caller has checked that the token is genuine (see Made) and that the session is alive (see Alive);
// a session that has ended nevertheless comes back unchanged, as Reused: it never revives.
func (s Session) Redeem(generation int64, now time.Time, p SessionPolicy) (Session, Outcome) {
	switch {
	case s.Ended():
		return s, Reused
	case generation == s.Generation:
		return s.rotate(generation, now, p), Rotated
	case generation > s.Generation:
		return s.rotate(generation, now, p), RolledForward
	case generation > 0 && generation == s.Generation-1 && !now.After(s.RotatedAt.Add(p.Grace)):
		return s, Repeated
	}
	return s.End(EndReused, now), Reused
}

// rotate retires the token of a generation, and all before it.
func (s Session) rotate(retired int64, now time.Time, p SessionPolicy) Session {
	s.Generation = retired + 1
	s.RotatedAt = now
	s.ExpiresAt = p.expiry(s.CreatedAt, now)
	return s
}
