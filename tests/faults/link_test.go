package faults_test

import (
	"bytes"
	"encoding/json"
	"testing"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
)

// link is the network between Latchkey and an engine.
type link struct {
	upstream, addr string
	proxy          *toxiproxy.Proxy
}

// openLink lays a link to the engine at an address. It is cut when the test is over.
func openLink(t *testing.T, upstream string) *link {
	t.Helper()
	l := &link{upstream: upstream, addr: "127.0.0.1:0"}
	l.restore(t)
	t.Cleanup(l.cut)
	return l
}

// cut ends all connections, and has nobody make new ones.
func (l *link) cut() { l.proxy.Stop() }

// restore has a link that was cut work again, with nothing wrong and at the address that it had.
func (l *link) restore(t *testing.T) {
	t.Helper()
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	l.proxy = toxiproxy.NewProxy(server, t.Name(), l.addr, l.upstream)
	if err := l.proxy.Start(); err != nil {
		t.Fatal(err)
	}
	l.addr = l.proxy.Listen
}

// toxic is something that goes wrong with a connection, by toxiproxy's names.
type toxic struct {
	Type string `json:"type"`
	// Stream is the direction: "upstream" is towards the engine.
	Stream     string         `json:"stream"`
	Attributes map[string]int `json:"attributes"`
	// Toxicity is how many of the connections suffer from it, from 0 to 1.
	Toxicity float32 `json:"toxicity"`
}

// poison has all toxics befall the connections, those that there are too.
func (l *link) poison(t *testing.T, all ...toxic) {
	t.Helper()
	for _, each := range all {
		body, err := json.Marshal(each)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.proxy.Toxics.AddToxicJson(bytes.NewReader(body)); err != nil {
			t.Fatal(err)
		}
	}
}

// cure ends the connections that suffer: toxiproxy may wait for ever for one that takes nothing any more.
func (l *link) cure(t *testing.T) {
	t.Helper()
	l.cut()
	l.restore(t)
}
