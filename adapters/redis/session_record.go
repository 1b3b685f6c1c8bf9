package redis

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
)

// A session is stored as "VERSION KEPT BIRTH STATE", without the blanks after KEPT: the first two are decimal numbers
// for the scripts to compare, the birth is the 40 bytes that never change, and the state is all else.

const birthSize = len(domain.Seed{}) + 8

var errNoVersion = errors.New("read session: it begins with no version")

// birth is the seed and the time of creation.
func birth(s domain.Session) string {
	return string(binary.BigEndian.AppendUint64(s.Seed[:], uint64(s.CreatedAt.UnixMilli())))
}

// sessionState is what Update may change. Its numbers stay what they are: they name the fields of what is stored.
type sessionState struct {
	Generation         int64  `cbor:"1,keyasint"`
	RotatedAt          int64  `cbor:"2,keyasint"`
	ExpiresAt          int64  `cbor:"3,keyasint"`
	UserAgent          string `cbor:"4,keyasint,omitempty"`
	IP                 string `cbor:"5,keyasint,omitempty"`
	CredentialsVersion int64  `cbor:"6,keyasint,omitempty"`
	EndedAt            *int64 `cbor:"7,keyasint,omitempty"` // nil while the session lives
	EndReason          string `cbor:"8,keyasint,omitempty"`
}

func state(s domain.Session) string {
	var endedAt *int64
	if s.Ended() {
		endedAt = new(s.EndedAt.UnixMilli())
	}
	return encode(sessionState{
		Generation: s.Generation, RotatedAt: s.RotatedAt.UnixMilli(), ExpiresAt: s.ExpiresAt.UnixMilli(),
		UserAgent: s.UserAgent, IP: s.IP, CredentialsVersion: s.CredentialsVersion,
		EndedAt: endedAt, EndReason: string(s.EndReason),
	})
}

// restoreSession reads what is stored of a session.
func restoreSession(userID domain.UserID, id domain.SessionID, stored string) (s domain.Session, err error) {
	version, rest, _ := strings.Cut(stored, " ")
	_, rest, _ = strings.Cut(rest, " ")
	s = domain.Session{ID: id, UserID: userID}
	// Scripts compare the version as it is written. What stands there instead is not shown: it may be the seed.
	s.Version, err = strconv.ParseInt(version, 10, 64)
	if err != nil || strconv.FormatInt(s.Version, 10) != version {
		return domain.Session{}, errNoVersion
	}
	if len(rest) < birthSize {
		return domain.Session{}, fmt.Errorf("read session: %d bytes are left of it", len(rest))
	}
	var st sessionState
	if err := decode(rest[birthSize:], &st); err != nil {
		return domain.Session{}, fmt.Errorf("read session: %w", err)
	}
	n := copy(s.Seed[:], rest)
	s.CreatedAt = fromMillis(int64(binary.BigEndian.Uint64([]byte(rest[n:birthSize]))))
	s.Generation, s.CredentialsVersion = st.Generation, st.CredentialsVersion
	s.RotatedAt, s.ExpiresAt = fromMillis(st.RotatedAt), fromMillis(st.ExpiresAt)
	s.UserAgent, s.IP, s.EndReason = st.UserAgent, st.IP, domain.EndReason(st.EndReason)
	if st.EndedAt != nil {
		s.EndedAt = fromMillis(*st.EndedAt)
	}
	return s, nil
}

// forgotten reports whether the session is as good as absent.
func forgotten(s domain.Session, now time.Time) bool {
	return now.UnixMilli() >= s.KeptUntil().UnixMilli()
}
