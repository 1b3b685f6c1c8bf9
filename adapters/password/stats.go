package password

import "time"

// Stats is what hashing does at this moment, and what it did since the Hasher was made.
type Stats struct {
	Workers int // how many hashes are computed at once, at most
	Busy    int // how many are computed now
	Waiting int // how many wait for a worker

	Done    uint64        // hashes that were computed
	Hashing time.Duration // the time that this took, on the clock
	Refused uint64        // callers who were told domain.Busy
}

// Stats answers the figures of this moment.
func (h *Hasher) Stats() Stats {
	p := h.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.stats
	now.Workers, now.Waiting = p.size, p.queue.size
	return now
}
