//go:build !linux

package password

// stepBack does nothing: only Linux has priorities of single threads that anybody may lower.
func stepBack() {}
