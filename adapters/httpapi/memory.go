package httpapi

import (
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/latchkey-auth/latchkey/domain"
)

// maxFilesMemory bounds the files of all requests together, since one need not be signed in to send some.
const maxFilesMemory = 64 << 20

// share is what a request holds of the memory for files until it is done.
type share struct {
	of   *semaphore.Weighted
	held int64
}

// take answers domain.Busy where so much is not left.
func (s *share) take(n int64) error {
	if !s.of.TryAcquire(n) {
		return domain.Busy(time.Second)
	}
	s.held += n
	return nil
}

func (s *share) giveBack(n int64) {
	s.of.Release(n)
	s.held -= n
}

// release gives back whatever is held.
func (s *share) release() { s.giveBack(s.held) }
