package images

import "testing"

// Nobody makes files in /proc, not even root.
func TestOpenDiskRefusesWhatItCannotWrite(t *testing.T) {
	if _, err := OpenDisk("/proc/self/task"); err == nil {
		t.Error("was opened")
	}
}
