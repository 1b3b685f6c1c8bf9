package argon2

import (
	"bytes"
	"fmt"
	"testing"

	original "golang.org/x/crypto/argon2"
)

// dirty is memory that a hash was computed in before.
func dirty(memory uint32, threads uint8) []Block {
	blocks := make([]Block, Blocks(memory, threads))
	for i := range blocks {
		for j := range blocks[i] {
			blocks[i][j] = ^uint64(i * j)
		}
	}
	return blocks
}

func TestIDKeyIsTheOriginals(t *testing.T) {
	for _, time := range []uint32{1, 2, 3} {
		for _, threads := range []uint8{1, 2, 3, 4, 16} {
			for _, memory := range []uint32{8, 9, 63, 64, 1000, 1024, 4096} {
				for _, length := range []uint32{4, 16, 32, 64, 65, 128} {
					compare(t, []byte("password"), []byte("somesaltsomesalt"), time, memory, threads, length)
				}
			}
		}
	}
	compare(t, []byte("correct horse"), []byte("salt of the default"), 2, 19*1024, 1, 32)
}

func FuzzIDKeyIsTheOriginals(f *testing.F) {
	f.Add([]byte("password"), []byte("somesalt"), uint8(2), uint16(256), uint8(1), uint8(32))
	f.Add([]byte{}, []byte{}, uint8(0), uint16(0), uint8(0), uint8(0))
	f.Fuzz(func(t *testing.T, password, salt []byte, time uint8, memory uint16, threads, length uint8) {
		compare(t, password, salt, uint32(time%4+1), uint32(memory%2048), threads%16+1, uint32(length)+4)
	})
}

func compare(t *testing.T, password, salt []byte, time, memory uint32, threads uint8, length uint32) {
	t.Helper()
	want := original.IDKey(password, salt, time, memory, threads, length)
	if got := IDKey(dirty(memory, threads), password, salt, time, memory, threads, length); !bytes.Equal(got, want) {
		t.Errorf("t=%d, m=%d, p=%d, %d bytes: got %x, want %x", time, memory, threads, length, got, want)
	}
}

// TestEveryMachinesBlocksAreTheSame: what a machine computes with its own instructions, another one verifies without.
func TestEveryMachinesBlocksAreTheSame(t *testing.T) {
	in := dirty(8, 1)
	for _, xor := range []bool{false, true} {
		got, want := in[2], in[2]
		if xor {
			processBlockXOR(&got, &in[0], &in[1])
		} else {
			processBlock(&got, &in[0], &in[1])
		}
		if processBlockGeneric(&want, &in[0], &in[1], xor); got != want {
			t.Errorf("xor %t: the blocks differ", xor)
		}
	}
}

func BenchmarkIDKey(b *testing.B) {
	password, salt := []byte("password"), []byte("somesaltsomesalt")
	blocks := make([]Block, Blocks(19*1024, 1))
	for name, key := range map[string]func() []byte{
		"here":     func() []byte { return IDKey(blocks, password, salt, 2, 19*1024, 1, 32) },
		"original": func() []byte { return original.IDKey(password, salt, 2, 19*1024, 1, 32) },
	} {
		b.Run(fmt.Sprint(name), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				key()
			}
		})
	}
}
