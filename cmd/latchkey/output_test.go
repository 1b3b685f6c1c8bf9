package main

import "testing"

// TestPrintable: a browser that calls itself by the codes of a terminal does not get to give that orders.
func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"Grace Hopper, Ωmega 字": "Grace Hopper, Ωmega 字",
		"\x1b[2Jgone\r\n":       "\ufffd[2Jgone\ufffd\ufffd",
		"\u202eevil\u200b":      "\ufffdevil\ufffd",
		"\u009b31m\xff":         "\ufffd31m\ufffd",
	} {
		if got := printable(text); got != want {
			t.Errorf("%q is shown as %q; want %q", text, got, want)
		}
	}
}
