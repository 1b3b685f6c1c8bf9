package world_test

import (
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/tests/world"
)

// TestWorldsSayWhatIsNotDocumented when they end.
func TestWorldsSayWhatIsNotDocumented(t *testing.T) {
	w, stop, err := world.Start(t.Context(), world.CheapHashing, map[string]string{"DATA_DIR": t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	body := `{"email":"ada@example.org","password":"correct horse battery","unheardOf":true}`
	answer, err := w.Client.Post(w.URL+"/api/v1/users/register", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil || answer.StatusCode != 201 {
		t.Fatalf("got %s, %v", answer.Status, err)
	}
	if err := stop(); err == nil || !strings.Contains(err.Error(), "POST /api/v1/users/register, 201: the request is not") {
		t.Errorf("the world ends with %v", err)
	}
}
