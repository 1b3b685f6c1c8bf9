package memory

import (
	"container/heap"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
)

// entry is a session with its place in the queue.
type entry struct {
	session domain.Session
	until   time.Time // the session's KeptUntil
	place   int
}

// hold makes s the session of the entry, in the form in which stores keep it.
func (e *entry) hold(s domain.Session) {
	for _, at := range []*time.Time{&s.CreatedAt, &s.RotatedAt, &s.ExpiresAt, &s.EndedAt} {
		*at = stored(*at)
	}
	e.session, e.until = s, s.KeptUntil()
}

// forgotten reports whether the session is as good as absent.
func (e *entry) forgotten(now time.Time) bool { return !now.Before(e.until) }

// queue holds sessions with the one that is forgotten next in front.
type queue []*entry

func (q *queue) add(e *entry)    { heap.Push(q, e) }
func (q *queue) moved(e *entry)  { heap.Fix(q, e.place) }
func (q *queue) remove(e *entry) { heap.Remove(q, e.place) }

// Len implements heap.Interface.
func (q queue) Len() int { return len(q) }

// Less implements heap.Interface.
func (q queue) Less(i, j int) bool { return q[i].until.Before(q[j].until) }

// Swap implements heap.Interface.
func (q queue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].place, q[j].place = i, j
}

// Push implements heap.Interface.
func (q *queue) Push(x any) {
	e := x.(*entry)
	e.place = len(*q)
	*q = append(*q, e)
}

// Pop implements heap.Interface.
func (q *queue) Pop() any {
	last := len(*q) - 1
	e := (*q)[last]
	(*q)[last] = nil // let it be collected
	*q = (*q)[:last]
	return e
}
