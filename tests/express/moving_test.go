package express_test

import (
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/latchkey-auth/latchkey/tests/engines"
	"github.com/latchkey-auth/latchkey/tests/world"
)

var (
	ada = account{"ada", "ada@example.org", "Ada Lovelace", "correct horse battery"}
	bob = account{"bob", "bob@example.org", "Bob B.", "another horse battery"}
	cy  = account{"cy", "cy@example.org", "Cy Twombly", "a third horse battery"}
)

// TestABackEndMovesOver to Latchkey and back again. The front end, the database and the people stay as they are.
func TestABackEndMovesOver(t *testing.T) {
	express, database := install(t), engines.Mongo(t)

	url, stop := express.start(t, database)
	before, old := map[account]profile{}, tokens{}
	for _, a := range []account{ada, bob} {
		browse(t, url).register(a)
		before[a] = browse(t, url).life(a)
		old = browse(t, url).login("email", a.email, a.password).tokens
	}
	stop()

	w := world.Open(t, map[string]string{"USER_STORE": database, "PASSWORD_HASH": "bcrypt", "COOKIE_SECURE": "false"})
	for a, was := range before {
		if is := browse(t, w.URL).life(a); shown(is) != shown(was) {
			t.Errorf("of %s, the front end shows %v, and showed %v", a.username, is, was)
		}
	}
	browse(t, w.URL).call("GET", "/me", old.AccessToken, nil, 401, nil) // who is signed in signs in once more
	browse(t, w.URL).call("POST", "/refresh-token", "", map[string]string{"refreshToken": old.RefreshToken}, 401, nil)
	browse(t, w.URL).register(cy)
	before[cy] = browse(t, w.URL).life(cy)
	moved := bob
	moved.password = "one horse more"
	access := browse(t, w.URL).login("email", bob.email, bob.password).AccessToken
	browse(t, w.URL).call("POST", "/change-password", access, map[string]string{"oldPassword": bob.password, "newPassword": moved.password}, 200, nil)

	// Of whoever changed their password, Latchkey keeps two fields more. Mongoose passes on what is in no schema.
	_, err := usersOf(t, database).UpdateMany(t.Context(), bson.D{}, bson.D{{Key: "$unset", Value: bson.D{
		{Key: "credentialsVersion", Value: ""}, {Key: "credentialsSession", Value: ""},
	}}})
	must(t, err)
	url, stop = express.start(t, database)
	for a, was := range map[account]profile{ada: before[ada], moved: before[bob], cy: before[cy]} {
		if is := browse(t, url).life(a); shown(is) != shown(was) {
			t.Errorf("of %s, the front end shows %v, and showed %v", a.username, is, was)
		}
	}
	stop()
}

// TestArgon2idIsNoWayBack: a hash that Latchkey has renewed, as it does unless told otherwise, is nothing to Express.
func TestArgon2idIsNoWayBack(t *testing.T) {
	express, database := install(t), engines.Mongo(t)
	url, stop := express.start(t, database)
	browse(t, url).register(ada)
	stop()
	w := world.Open(t, map[string]string{"USER_STORE": database, "COOKIE_SECURE": "false"})
	browse(t, w.URL).life(ada)
	url, stop = express.start(t, database)
	browse(t, url).call("POST", "/login", "", map[string]string{"email": ada.email, "password": ada.password}, 401, nil)
	stop()
}
