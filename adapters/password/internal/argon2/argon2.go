// Copyright 2017 The Go Authors. All rights reserved.
// Use of this source code is governed by a BSD-style
// license that can be found in the LICENSE file.

// Package argon2 is Argon2id (RFC 9106) computed by the goroutine that asks for it, in memory that it brings along.
//
// It is a copy of golang.org/x/crypto/argon2 that differs in these two things. The original starts goroutines, one
// for each lane and segment even where there is one lane, and so its work runs on other threads than the caller's,
// whatever their priority; and it allocates all memory anew for each hash, as garbage (golang/go#36634).
// The tests hold the copy to the original, hash by hash.
package argon2

import (
	"encoding/binary"

	"golang.org/x/crypto/blake2b"
)

// Version is the version of Argon2.
const Version = 0x13

// Block is a kibibyte of the memory that a hash is computed in.
type Block = block

const (
	blockLength = 128
	syncPoints  = 4
	argon2id    = 2
)

type block [blockLength]uint64

// Blocks is how many blocks a hash of that much memory, in KiB, is computed in.
func Blocks(memory uint32, threads uint8) int {
	unit := syncPoints * uint32(threads)
	return int(max(memory/unit, 2) * unit)
}

// IDKey derives a key from the password, as the function of that name in golang.org/x/crypto/argon2. It computes in
// the first Blocks(memory, threads) of the blocks, whatever they hold. Time and threads must be at least one.
func IDKey(blocks []Block, password, salt []byte, time, memory uint32, threads uint8, keyLen uint32) []byte {
	h0 := initHash(password, salt, time, memory, uint32(threads), keyLen)
	p := pass{blocks[:Blocks(memory, threads)], time, uint32(threads), 0}
	p.initBlocks(&h0)
	for ; p.n < time; p.n++ {
		for slice := range uint32(syncPoints) {
			for lane := range p.threads { // in turns: within a slice, no lane looks at what another writes
				p.processSegment(slice, lane)
			}
		}
	}
	return p.extractKey(keyLen)
}

func initHash(password, salt []byte, time, memory, threads, keyLen uint32) [blake2b.Size + 8]byte {
	var (
		h0     [blake2b.Size + 8]byte
		params [24]byte
		tmp    [4]byte
	)
	b2, _ := blake2b.New512(nil)
	binary.LittleEndian.PutUint32(params[0:4], threads)
	binary.LittleEndian.PutUint32(params[4:8], keyLen)
	binary.LittleEndian.PutUint32(params[8:12], memory)
	binary.LittleEndian.PutUint32(params[12:16], time)
	binary.LittleEndian.PutUint32(params[16:20], uint32(Version))
	binary.LittleEndian.PutUint32(params[20:24], uint32(argon2id))
	b2.Write(params[:])
	for _, input := range [][]byte{password, salt, nil, nil} { // neither a key nor associated data
		binary.LittleEndian.PutUint32(tmp[:], uint32(len(input)))
		b2.Write(tmp[:])
		b2.Write(input)
	}
	b2.Sum(h0[:0])
	return h0
}

// pass is the n-th way through the memory.
type pass struct {
	B       []block
	time    uint32
	threads uint32
	n       uint32
}

func (p pass) memory() uint32   { return uint32(len(p.B)) }
func (p pass) lanes() uint32    { return p.memory() / p.threads }
func (p pass) segments() uint32 { return p.lanes() / syncPoints }

func (p pass) initBlocks(h0 *[blake2b.Size + 8]byte) {
	var block0 [1024]byte
	for lane := range p.threads {
		binary.LittleEndian.PutUint32(h0[blake2b.Size+4:], lane)
		for i := range uint32(2) {
			binary.LittleEndian.PutUint32(h0[blake2b.Size:], i)
			blake2bHash(block0[:], h0[:])
			first := &p.B[lane*p.lanes()+i]
			for j := range first {
				first[j] = binary.LittleEndian.Uint64(block0[j*8:])
			}
		}
	}
}

func (p pass) processSegment(slice, lane uint32) {
	lanes, segments := p.lanes(), p.segments()
	independent := p.n == 0 && slice < syncPoints/2 // of what is in the memory
	var addresses, in, zero block
	if independent {
		in[0], in[1], in[2] = uint64(p.n), uint64(lane), uint64(slice)
		in[3], in[4], in[5] = uint64(p.memory()), uint64(p.time), argon2id
	}
	index := uint32(0)
	if p.n == 0 && slice == 0 {
		index = 2 // initBlocks has made the first two blocks
		in[6]++
		processBlock(&addresses, &in, &zero)
		processBlock(&addresses, &addresses, &zero)
	}
	fill := processBlockXOR
	if p.n == 0 {
		fill = processBlock // over what an earlier hash has left
	}
	offset := lane*lanes + slice*segments + index
	for index < segments {
		prev := offset - 1
		if index == 0 && slice == 0 {
			prev += lanes // last block in lane
		}
		random := p.B[prev][0]
		if independent {
			if index%blockLength == 0 {
				in[6]++
				processBlock(&addresses, &in, &zero)
				processBlock(&addresses, &addresses, &zero)
			}
			random = addresses[index%blockLength]
		}
		fill(&p.B[offset], &p.B[prev], &p.B[p.indexAlpha(random, slice, lane, index)])
		index, offset = index+1, offset+1
	}
}

func (p pass) extractKey(keyLen uint32) []byte {
	last := p.B[p.memory()-1]
	for lane := range p.threads - 1 {
		for i, v := range p.B[lane*p.lanes()+p.lanes()-1] {
			last[i] ^= v
		}
	}
	var bytes [1024]byte
	for i, v := range last {
		binary.LittleEndian.PutUint64(bytes[i*8:], v)
	}
	key := make([]byte, keyLen)
	blake2bHash(key, bytes[:])
	return key
}

func (p pass) indexAlpha(rand uint64, slice, lane, index uint32) uint32 {
	lanes, segments := p.lanes(), p.segments()
	refLane := uint32(rand>>32) % p.threads
	if p.n == 0 && slice == 0 {
		refLane = lane
	}
	m, s := 3*segments, ((slice+1)%syncPoints)*segments
	if lane == refLane {
		m += index
	}
	if p.n == 0 {
		m, s = slice*segments, 0
		if slice == 0 || lane == refLane {
			m += index
		}
	}
	if index == 0 || lane == refLane {
		m--
	}
	return phi(rand, uint64(m), uint64(s), refLane, lanes)
}

func phi(rand, m, s uint64, lane, lanes uint32) uint32 {
	p := rand & 0xFFFFFFFF
	p = (p * p) >> 32
	p = (p * m) >> 32
	return lane*lanes + uint32((s+m-(p+1))%uint64(lanes))
}
