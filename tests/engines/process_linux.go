package engines

import (
	"os/exec"
	"syscall"
)

// dieWithParent has the kernel end the process with this one, which may be killed before Main can.
func dieWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
