package password

import "github.com/latchkey-auth/latchkey/adapters/password/internal/argon2"

// memory is what one worker computes Argon2id in. It is kept from one hash to the next, and is not of Go's heap: there,
// it would count as twice itself, because the heap may grow to twice of what is in use before it is swept.
type memory struct {
	blocks []argon2.Block
	unmap  func()
}

// exactly answers n blocks that hold anything.
func (m *memory) exactly(n int) []argon2.Block {
	if len(m.blocks) != n {
		m.release()
		m.blocks, m.unmap = mapBlocks(n)
	}
	return m.blocks
}

// release gives the memory back. Its blocks must not be used any more.
func (m *memory) release() {
	if m.unmap != nil {
		m.unmap()
	}
	*m = memory{}
}
