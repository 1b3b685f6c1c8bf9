//go:build !linux

package engines

import "os/exec"

// dieWithParent does what it says on Linux alone: elsewhere the process stays when this one is killed.
func dieWithParent(*exec.Cmd) {}
