package password

import (
	"container/heap"
	"container/list"
)

// queue lets the networks that wait take turns: one after the other, each sends the first of its line. So a network that
// sends ten thousand is served as often as one that sends a single job, and who waits behind the ten thousand is one of them.
type queue struct {
	lines  map[string]*line
	turns  list.List // of *line, the next one in front
	byRank ranking
	size   int
}

// line is what one network has waiting, in the order of arrival. None is kept empty.
type line struct {
	network string
	jobs    list.List // of *job
	turn    *list.Element
	rank    int // its place in byRank
}

func newQueue() queue { return queue{lines: map[string]*line{}} }

// push puts a job at the end of its network's line, and a line that is new at the end of the turns.
func (q *queue) push(j *job) {
	l := q.lines[j.network]
	if l == nil {
		l = &line{network: j.network}
		q.lines[j.network] = l
		l.turn = q.turns.PushBack(l)
		heap.Push(&q.byRank, l)
	}
	j.place = l.jobs.PushBack(j)
	heap.Fix(&q.byRank, l.rank)
	q.size++
}

// pop takes the job whose turn it is, nil where nobody waits.
func (q *queue) pop() *job {
	next := q.turns.Front()
	if next == nil {
		return nil
	}
	q.turns.MoveToBack(next)
	j := next.Value.(*line).jobs.Front().Value.(*job)
	q.remove(j)
	return j
}

// remove takes a job off its line, and reports whether it was still there.
func (q *queue) remove(j *job) bool {
	if j.place == nil {
		return false
	}
	l := q.lines[j.network]
	l.jobs.Remove(j.place)
	j.place = nil
	q.size--
	if l.jobs.Len() > 0 {
		heap.Fix(&q.byRank, l.rank)
		return true
	}
	delete(q.lines, l.network)
	q.turns.Remove(l.turn)
	heap.Remove(&q.byRank, l.rank)
	return true
}

// popGreedy takes the newest job of the longest line, if that line is longer than the network's would be with one job
// more. So whoever has to give way is of those who take up most.
func (q *queue) popGreedy(network string) *job {
	if len(q.byRank) == 0 {
		return nil
	}
	own := 0
	if l := q.lines[network]; l != nil {
		own = l.jobs.Len()
	}
	longest := &q.byRank[0].jobs
	if longest.Len() <= own+1 {
		return nil
	}
	j := longest.Back().Value.(*job)
	q.remove(j)
	return j
}

// ranking is a heap.Interface with the longest line on top.
type ranking []*line

func (r ranking) Len() int           { return len(r) }
func (r ranking) Less(i, j int) bool { return r[i].jobs.Len() > r[j].jobs.Len() }
func (r ranking) Swap(i, j int) {
	r[i], r[j] = r[j], r[i]
	r[i].rank, r[j].rank = i, j
}

// Push implements heap.Interface.
func (r *ranking) Push(l any) {
	l.(*line).rank = len(*r)
	*r = append(*r, l.(*line))
}

// Pop implements heap.Interface.
func (r *ranking) Pop() any {
	last := (*r)[len(*r)-1]
	*r = (*r)[:len(*r)-1]
	return last
}
