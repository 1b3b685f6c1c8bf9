package password

import (
	"sync"
	"time"
)

// quietTime is how long no hash must have been computed for the room to be given back. It is short, since whatever else
// the program does is slower while more threads run than there are processors; and not nothing, since to change their
// number stops the program for a moment.
const quietTime = 100 * time.Millisecond

// room tells the program when hashes are computed beside whatever else it does: see Config.Room. Nobody waits for the
// program, which may not be able to change anything before the collector is done, and it is told one thing at a time.
type room struct {
	tell  func(workers int) // nil where nobody wants to know
	quiet *time.Timer       // nil until something was done

	telling sync.WaitGroup

	mu     sync.Mutex
	wanted int
	told   int
	busy   bool // telling
}

// want has the program told of so many workers.
func (r *room) want(workers int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.wanted = workers
	if r.tell == nil || r.busy || r.told == r.wanted {
		return
	}
	r.busy = true
	r.telling.Go(r.run)
}

func (r *room) run() {
	for workers, news := r.next(); news; workers, news = r.next() {
		r.tell(workers)
	}
}

// next is what to tell, if it is news.
func (r *room) next() (workers int, news bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.busy = r.told != r.wanted
	r.told = r.wanted
	return r.told, r.busy
}

// whenQuiet calls back when it has been quiet for a while, counted from the last call.
func (r *room) whenQuiet(callBack func()) {
	switch {
	case r.tell == nil:
	case r.quiet == nil:
		r.quiet = time.AfterFunc(quietTime, callBack)
	default:
		r.quiet.Reset(quietTime)
	}
}
