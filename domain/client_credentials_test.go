package domain_test

import (
	"testing"

	"github.com/latchkey-auth/latchkey/domain"
)

var clients = domain.ConfidentialClients{
	{ID: "gateway", Secret: domain.NewSecret("old")},
	{ID: "gateway", Secret: domain.NewSecret("new")},
	{ID: "shop", Secret: domain.NewSecret("other")},
	{ID: "careless"},
}

func TestAClientIsProvenByItsOwnSecretAlone(t *testing.T) {
	for _, c := range []struct {
		id, secret string
		want       bool
	}{
		{"gateway", "old", true},
		{"gateway", "new", true},
		{"shop", "other", true},
		{"gateway", "other", false},
		{"shop", "old", false},
		{"gateway", "ne", false},
		{"gateway", "news", false},
		{"gateway", "", false},
		{"Gateway", "old", false},
		{"", "old", false},
		{"", "", false},
		{"nobody", "old", false},
		{"careless", "", false}, // a client without a secret has no way to prove who it is
	} {
		if got := clients.Proves(domain.ClientCredentials{ID: c.id, Secret: domain.NewSecret(c.secret)}); got != c.want {
			t.Errorf("%q with %q: %t", c.id, c.secret, got)
		}
	}
	if domain.ConfidentialClients(nil).Proves(domain.ClientCredentials{}) {
		t.Error("where there are no clients, nobody is one")
	}
}

func TestKnownClients(t *testing.T) {
	for id, want := range map[string]bool{"gateway": true, "shop": true, "Shop": false, "": false, "app": false} {
		if got := clients.Knows(id); got != want {
			t.Errorf("%q: %t", id, got)
		}
	}
}
