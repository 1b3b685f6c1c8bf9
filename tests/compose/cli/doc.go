// Package cli is Docker Compose, for tests where the docker command has no such plugin. It is a module of its own, whose
// go.mod names Compose as a tool, so that nobody who uses Latchkey has to fetch what Compose needs.
package cli
