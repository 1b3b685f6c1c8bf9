package domain

import (
	"compress/gzip"
	_ "embed"
	"io"
	"strings"
	"sync"
)

//go:generate go run commonpasswords/generate.go

// packedPasswords is the most common passwords, folded and sorted, one a line, compressed.
//
//go:embed commonpasswords/list.gz
var packedPasswords string

// commonPasswords is the list unpacked: 0.4 MB, which are spent when the first password is chosen, not at the start.
var commonPasswords = sync.OnceValue(func() string {
	list, err := unpack(packedPasswords)
	if err != nil {
		panic("domain: the list of common passwords is damaged: " + err.Error())
	}
	return list
})

func unpack(packed string) (string, error) {
	r, err := gzip.NewReader(strings.NewReader(packed))
	if err != nil {
		return "", err
	}
	list, err := io.ReadAll(r)
	return string(list), err
}

// isCommon reports whether a folded password is on the list. It halves what is left of the list until that is one line.
func isCommon(folded string) bool {
	for list := commonPasswords(); list != ""; {
		middle := strings.LastIndexByte(list[:len(list)/2], '\n') + 1
		line, after, _ := strings.Cut(list[middle:], "\n")
		switch strings.Compare(folded, line) {
		case 0:
			return true
		case -1:
			list = list[:middle]
		default:
			list = after
		}
	}
	return false
}
