package client

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync/atomic"
	"time"
)

// Tokens is a pair of tokens. It is hidden from prints and logs; as JSON it is all there, for who stores it.
type Tokens struct {
	AccessToken           string    `json:"accessToken"`
	RefreshToken          string    `json:"refreshToken"`
	AccessTokenExpiresAt  time.Time `json:"accessTokenExpiresAt"`
	RefreshTokenExpiresAt time.Time `json:"refreshTokenExpiresAt"`
}

// TokenStore keeps the tokens of one person, so that a program which is started again need not ask for the password.
// It is safe for concurrent use.
type TokenStore interface {
	// Load is what was saved last, and the zero Tokens where nothing was.
	Load(context.Context) (Tokens, error)
	// Save replaces the tokens, by the zero Tokens once they are worth nothing any more.
	Save(context.Context, Tokens) error
}

// MemoryTokens keeps tokens for as long as the program runs. Its zero value is ready.
type MemoryTokens struct{ tokens atomic.Pointer[Tokens] }

var _ TokenStore = (*MemoryTokens)(nil)

// Load is what was saved last.
func (m *MemoryTokens) Load(context.Context) (Tokens, error) {
	if tokens := m.tokens.Load(); tokens != nil {
		return *tokens, nil
	}
	return Tokens{}, nil
}

// Save replaces the tokens.
func (m *MemoryTokens) Save(_ context.Context, t Tokens) error {
	m.tokens.Store(&t)
	return nil
}

const hidden = "[hidden]"

// Format hides the tokens, whatever the verb.
func (Tokens) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// LogValue hides the tokens.
func (Tokens) LogValue() slog.Value { return slog.StringValue(hidden) }

// Format hides the password, whatever the verb.
func (r Registration) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// LogValue hides the password.
func (r Registration) LogValue() slog.Value { return slog.StringValue(hidden) }

// Format hides the password, whatever the verb.
func (c Credentials) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// LogValue hides the password.
func (c Credentials) LogValue() slog.Value { return slog.StringValue(hidden) }
