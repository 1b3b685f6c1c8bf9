package bench

import (
	"fmt"
	"net/http"
	"testing"
)

// BenchmarkMe is the question who one is, which checks the token, the session and the user.
func BenchmarkMe(b *testing.B) {
	onEveryStore(b, func(send sender, of tokens) client {
		return asking(send, "/api/v1/users/me", of.Access)
	})
}

// BenchmarkRefresh presents the newest token again and again: each is rotated.
func BenchmarkRefresh(b *testing.B) {
	onEveryStore(b, func(send sender, of tokens) client {
		return func() error {
			a, err := send(post("/api/v1/users/refresh-token", `{"refreshToken":"`+of.Refresh+`"}`))
			if err != nil {
				return err
			}
			of, err = a.tokens()
			return err
		}
	})
}

// asking asks for a path with a token, "" for none.
func asking(send sender, path, token string) client {
	r := get(path, token)
	return func() error {
		a, err := send(r)
		if err != nil || a.status != http.StatusOK {
			return fmt.Errorf("answered %v: %w", a, err)
		}
		return nil
	}
}
