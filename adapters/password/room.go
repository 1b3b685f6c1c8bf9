package password

import "time"

// quietTime is how long no hash must have been computed for the room to be given back. It is short, since whatever else
// the program does is slower while more threads run than there are processors; and not nothing, since to change their
// number stops the program for a moment.
const quietTime = 100 * time.Millisecond

// room tells the program when hashes are computed beside whatever else it does: see Config.Room.
type room struct {
	tell  func(workers int) // nil where nobody wants to know
	taken bool
	soon  *time.Timer // nil until something was done
}

// take makes room for the workers, where there is none.
func (r *room) take(workers int) {
	if r.tell == nil || r.taken {
		return
	}
	r.taken = true
	r.tell(workers)
}

// giveBackSoon calls back when it has been quiet for a while, counted from the last call.
func (r *room) giveBackSoon(callBack func()) {
	switch {
	case r.tell == nil:
	case r.soon == nil:
		r.soon = time.AfterFunc(quietTime, callBack)
	default:
		r.soon.Reset(quietTime)
	}
}

// giveBack gives back what was taken.
func (r *room) giveBack() {
	if !r.taken {
		return
	}
	if r.soon != nil {
		r.soon.Stop()
	}
	r.taken = false
	r.tell(0)
}
