package express_test

import (
	"encoding/json"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/latchkey-auth/latchkey/tests/engines"
	"github.com/latchkey-auth/latchkey/tests/world"
)

// TestTheStartNamesUsersItCannotRead, and serves the others.
func TestTheStartNamesUsersItCannotRead(t *testing.T) {
	database := engines.Mongo(t)
	for _, doc := range []bson.D{
		odd(bson.D{is("tenant", 7)}, is("email", "composite@example.org")),
		odd("text", is("email", "version@example.org"), is("__v", "three")),
		odd("well", is("email", "well@example.org")),
	} {
		_, err := usersOf(t, database).InsertOne(t.Context(), doc)
		must(t, err)
	}
	w := world.Open(t, map[string]string{"USER_STORE": database})
	log := string(w.Log.Bytes())
	for _, named := range []string{"tenant", "cannot read text"} {
		if !strings.Contains(log, named) {
			t.Errorf("the log names no user %q: %s", named, log)
		}
	}
	if strings.Contains(log, "cannot read well") {
		t.Errorf("the log names a user that can be read: %s", log)
	}

	answer := postLogin(t, w, "well@example.org")
	user := answer["data"].(map[string]any)["user"].(map[string]any)
	if created, ok := user["createdAt"]; ok || user["_id"] != "well" {
		t.Errorf("who was created at an unknown time is %v (createdAt %v)", user, created)
	}
	if refused := postLogin(t, w, "version@example.org"); refused["code"] != "internal" {
		t.Errorf("who cannot be read is answered %v", refused)
	}
}

func postLogin(t *testing.T, w *world.World, email string) (answer map[string]any) {
	t.Helper()
	body := `{"email": "` + email + `", "password": "` + oldPassword + `"}`
	response, err := w.Client.Post(w.URL+"/api/v1/users/login", "application/json", strings.NewReader(body))
	must(t, err)
	defer func() { _ = response.Body.Close() }()
	must(t, json.NewDecoder(response.Body).Decode(&answer))
	return answer
}
