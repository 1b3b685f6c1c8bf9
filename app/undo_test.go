package app_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// A store that hangs keeps a client waiting once, and not a second time for what is cleared up.
func TestNoAnswerWaitsLongForWhatIsClearedUp(t *testing.T) {
	const hang = 2 * time.Second
	for call, run := range map[string]func(*world) error{
		"users.Create": func(w *world) error {
			req := registration()
			req.Email, req.Username = "eve@example.org", "eve"
			_, err := w.RegisterUser.Do(w.t.Context(), req)
			return err
		},
		"sessions.Create": func(w *world) error {
			_, err := w.LoginUser.Do(w.t.Context(), credentials(rightPassword, home))
			return err
		},
		"users.Update": func(w *world) error {
			_, err := w.ChangeImage.Do(w.t.Context(), app.ChangeImageRequest{Caller: w.caller(w.presented), Which: domain.Avatar, Data: []byte("newer")})
			return err
		},
		"images.Delete": func(w *world) error {
			_, err := w.ChangeImage.Do(w.t.Context(), app.ChangeImageRequest{Caller: w.caller(w.presented), Which: domain.Avatar, Data: []byte("newer")})
			if err == nil {
				err = ports.ErrUnavailable // the picture changed, and the old one stays
			}
			return err
		},
	} {
		t.Run(call, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := fresh(t)
				w.presented = w.signIn(home)
				w.faults.race(call, func() {
					w.faults.at, w.faults.down, w.faults.hang, w.faults.err = len(w.faults.calls), true, hang, ports.Unavailable(errBroken)
				})
				began := time.Now()
				fails(t, run(w), domain.CodeUnavailable)
				if waited := time.Since(began); waited >= hang+time.Second {
					t.Errorf("the answer took %v of a store that hangs for %v", waited, hang)
				}
				w.Wait()
				if w.faults.count(call) == len(w.faults.calls) {
					t.Errorf("nobody cleared up: %v", w.faults.calls)
				}
			})
		})
	}
}
