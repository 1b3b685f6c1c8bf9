// Package deploy tests the examples of cmd/deploy. It is a module of its own for the types of Kubernetes' API.
package deploy
