package machine

import "github.com/prometheus/procfs"

// Host is what the host of a virtual machine gave its cores so far, and what it kept from them, in seconds of a core.
type Host struct{ gave, kept float64 }

// HostSoFar reads it. On a machine of its own the host keeps nothing.
func HostSoFar() (Host, error) {
	fs, err := procfs.NewDefaultFS()
	if err != nil {
		return Host{}, err
	}
	stat, err := fs.Stat()
	if err != nil {
		return Host{}, err
	}
	t := stat.CPUTotal // of User and Nice those of guests are a part
	return Host{gave: t.User + t.Nice + t.System + t.IRQ + t.SoftIRQ, kept: t.Steal}, nil
}

// Kept is the share of the time in which the cores had work that the host gave to others.
func (h Host) Kept(since Host) float64 {
	kept := h.kept - since.kept
	if wanted := h.gave - since.gave + kept; wanted > 0 {
		return kept / wanted
	}
	return 0
}
