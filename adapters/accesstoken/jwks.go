package accesstoken

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"github.com/go-jose/go-jose/v4"
)

// maxAnswerBytes bounds what is read of an answer of Latchkey's.
const maxAnswerBytes = 64 << 10

// fetchKeys reads a JWK set (RFC 7517, section 5). Keys of other kinds than Latchkey's sign nothing here.
func fetchKeys(ctx context.Context, client *http.Client, address string) (map[string]ed25519.PublicKey, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Cache-Control", "no-cache") // what a cache on the way has may be as old as keepFor already
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := answer(client, req, &set); err != nil {
		return nil, fmt.Errorf("fetching the keys: %w", err)
	}
	if set.Keys == nil {
		return nil, fmt.Errorf("fetching the keys: %s answers no JWK set", address)
	}
	keys := map[string]ed25519.PublicKey{}
	for _, raw := range set.Keys {
		var key jose.JSONWebKey
		if key.UnmarshalJSON(raw) != nil {
			continue // section 5: what is not understood is ignored
		}
		public, ok := key.Key.(ed25519.PublicKey)
		if ok && key.KeyID != "" && (key.Use == "" || key.Use == "sig") && (key.Algorithm == "" || key.Algorithm == string(jose.EdDSA)) {
			keys[key.KeyID] = public
		}
	}
	return keys, nil
}

// answer sends a request of which the answer is JSON, and not much of it.
func answer(client *http.Client, req *http.Request, into any) error {
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", req.URL.Redacted(), resp.Status)
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswerBytes+1))
	if err != nil {
		return err
	}
	if len(data) > maxAnswerBytes {
		return fmt.Errorf("%s answers more than %d bytes", req.URL.Redacted(), maxAnswerBytes)
	}
	return json.Unmarshal(data, into)
}
