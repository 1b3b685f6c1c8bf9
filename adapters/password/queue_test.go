package password

import (
	"math/rand/v2"
	"testing"
)

// TestQueueKeepsItsOrder does anything to a queue, and looks whether its parts still agree.
func TestQueueKeepsItsOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	q := newQueue()
	var waiting []*job
	for step := range 20_000 {
		network := string(rune('a' + random.IntN(8)))
		switch random.IntN(6) {
		case 0, 1, 2:
			j := &job{network: network}
			q.push(j)
			waiting = append(waiting, j)
		case 3:
			q.pop()
		case 4:
			q.popGreedy(network)
		case 5:
			if len(waiting) > 0 {
				q.remove(waiting[random.IntN(len(waiting))])
			}
		}
		if step%1000 == 0 { // everybody leaves, now and then
			for q.pop() != nil {
			}
		}
		check(t, q)
	}
}

func check(t *testing.T, q queue) {
	t.Helper()
	size, longest := 0, 0
	for network, l := range q.lines {
		if l.jobs.Len() == 0 || l.network != network || q.byRank[l.rank] != l || l.turn.Value != l {
			t.Fatalf("the line of %s is not in order", network)
		}
		size, longest = size+l.jobs.Len(), max(longest, l.jobs.Len())
	}
	if len(q.byRank) != len(q.lines) || q.turns.Len() != len(q.lines) || q.size != size {
		t.Fatalf("%d lines with %d jobs, but %d ranks, %d turns and a size of %d", len(q.lines), size, len(q.byRank), q.turns.Len(), q.size)
	}
	if longest > 0 && q.byRank[0].jobs.Len() != longest {
		t.Fatalf("the longest line has %d jobs, the first by rank %d", longest, q.byRank[0].jobs.Len())
	}
}
