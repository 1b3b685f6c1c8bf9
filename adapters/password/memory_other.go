//go:build !linux

package password

import "github.com/latchkey-auth/latchkey/adapters/password/internal/argon2"

// mapBlocks takes the blocks from Go's heap.
func mapBlocks(n int) (blocks []argon2.Block, unmap func()) { return make([]argon2.Block, n), nil }
