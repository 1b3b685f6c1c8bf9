package main

import "golang.org/x/sys/unix"

// hideMemory keeps the memory of the process, and with it every key and password, from files and from other processes:
// the kernel writes no core of it, and lets nobody but root read its memory or its environment, not even its own user
// (prctl(2), PR_SET_DUMPABLE). A limit on the size of cores would not do, since one that is piped to a program has none.
func hideMemory() error { return unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0) }
