package main

import (
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func versionCommand(cmd *cobra.Command, _ []string) error {
	v := shownVersion{version(), runtime.Version(), runtime.GOOS, runtime.GOARCH}
	return say(cmd, v, line("latchkey %s (%s %s/%s)", v.Version, v.Go, v.OS, v.Arch))
}

// shownVersion is the version as programs see it.
type shownVersion struct {
	Version string `json:"version"`
	Go      string `json:"go"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
}

// version is the module's, as the Go tool recorded it at the build.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
