package express_test

import (
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/latchkey-auth/latchkey/tests/engines"
	"github.com/latchkey-auth/latchkey/tests/world"
)

var (
	ada = account{"ada", "ada@example.org", "Ada Lovelace", "correct horse battery"}
	bob = account{"bob", "bob@example.org", "Bob B.", "another horse battery"}
	cy  = account{"cy", "cy@example.org", "Cy Twombly", "a third horse battery"}
)

// TestABackEndMoves its users to Latchkey. It is a real one.
func TestABackEndMoves(t *testing.T) {
	express := install(t)
	t.Run("over, and back", express.movesOverAndBack)
	t.Run("with Argon2id, not back", express.cannotReadArgon2id)
	t.Run("and its other routes stay", express.takesTheTokens)
}

// movesOverAndBack: the front end, the database and the people stay as they are.
func (express backend) movesOverAndBack(t *testing.T) {
	database := engines.Mongo(t)
	url, stop := express.start(t, database)
	before, signedIn := map[account]profile{}, browse(t, url)
	for _, a := range []account{ada, bob} {
		browse(t, url).register(a)
		before[a] = browse(t, url).life(a)
	}
	signedIn.login("email", ada.email, ada.password)
	stop()

	w := world.Open(t, map[string]string{"USER_STORE": database, "PASSWORD_HASH": "bcrypt", "COOKIE_SECURE": "false", "ACCESS_TOKEN_SECRET": accessSecret})
	signedIn.base = w.URL
	signedIn.goesOn(ada)
	for a, was := range before {
		if is := browse(t, w.URL).life(a); shown(is) != shown(was) {
			t.Errorf("of %s, the front end shows %v, and showed %v", a.username, is, was)
		}
	}
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

// cannotReadArgon2id: a hash that Latchkey has renewed, as it does unless told otherwise, is nothing to Express.
func (express backend) cannotReadArgon2id(t *testing.T) {
	database := engines.Mongo(t)
	url, stop := express.start(t, database)
	browse(t, url).register(ada)
	stop()
	w := world.Open(t, map[string]string{"USER_STORE": database, "COOKIE_SECURE": "false"})
	browse(t, w.URL).life(ada)
	url, stop = express.start(t, database)
	browse(t, url).call("POST", "/login", "", map[string]string{"email": ada.email, "password": ada.password}, 401, nil)
	stop()
}

// takesTheTokens that Latchkey signs with the secret that was the back end's.
func (express backend) takesTheTokens(t *testing.T) {
	database := engines.Mongo(t)
	url, stop := express.start(t, database)
	was := browse(t, url).register(ada)
	w := world.Open(t, map[string]string{"USER_STORE": database, "COOKIE_SECURE": "false", "ACCESS_TOKEN_SECRET": accessSecret})
	w.Clock.Advance(time.Since(w.Clock.Now())) // the back end looks at the real one
	in := browse(t, w.URL).login("email", ada.email, ada.password)
	var is profile
	browse(t, url).call("GET", "/me", in.AccessToken, nil, 200, &is)
	if shown(is) != shown(was) {
		t.Errorf("the back end takes the token for one of %v", is)
	}
	stop()
}
