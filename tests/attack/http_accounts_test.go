package attack_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

// httpForeign is every field of a user, and of what one might be made of, that is not for a client to write.
var httpForeign = []string{
	"_id", "id", "userId", "createdAt", "updatedAt", "passwordHash", "password_hash", "hash", "refreshToken", "accessToken",
	"credentialsVersion", "version", "__v", "isAdmin", "role", "roles", "emailVerified", "seed", "sid", "sub",
}

// TestHTTPMassAssignment: fields that a route does not ask for. Lost would be whatever is stored under them: somebody
// else's id, another password hash, an administrator's rights.
func TestHTTPMassAssignment(t *testing.T) {
	h := httpOpen(t)
	fields := []string{"email", "eve@example.org", "username", "eve", "password", "Eve has a long pole", "fullname", "Own Name", "avatar", "javascript:alert(1)", "coverImage", "https://evil.example/pixel"}
	for _, name := range httpForeign {
		fields = append(fields, name, h.alice.ID)
	}
	var registered map[string]string
	h.send(t, "POST", httpUsers+"/register", httpJSON(fields...)).expect(t, 201, "").data(t, &registered)
	httpOwn(t, registered, h.Clock.Now())
	eve := h.newcomer(t, "eve2", "Eve has a long pole")
	for name, with := range map[string]httpOption{"JSON": httpJSON(fields[6:]...), "a form": httpForm(fields[6:]...)} {
		t.Run("a profile, by "+name, func(t *testing.T) {
			var changed map[string]string
			h.send(t, "PATCH", httpUsers+"/me", with, httpBearer(eve.access)).expect(t, 200, "").data(t, &changed)
			httpOwn(t, changed, h.Clock.Now())
			if changed["_id"] != eve.ID || changed["username"] != "eve2" {
				t.Errorf("Eve became %v", changed)
			}
			h.send(t, "POST", httpUsers+"/login", httpJSON("email", eve.Email, "password", eve.password)).expect(t, 200, "")
		})
	}
	h.attack(t, "PATCH", httpUsers+"/me", httpFile("avatar", "a.png", httpPNG(4, 4)), httpBearer(eve.access)).expect(t, 415, "unsupported_media_type")
	h.attack(t, "PATCH", httpUsers+"/me/avatar", httpFile("coverImage", "a.png", httpPNG(4, 4)), httpBearer(eve.access)).expect(t, 400, "validation_failed")
	h.unharmed(t)
}

// httpOwn checks that a user has nothing but what is for them to write, and what the service gave them.
func httpOwn(t *testing.T, user map[string]string, now time.Time) {
	t.Helper()
	if len(user) != 8 || user["avatar"] != "" || user["coverImage"] != "" {
		t.Errorf("the user is %v", user)
	}
	for _, name := range []string{"createdAt", "updatedAt"} {
		if at, err := time.Parse(time.RFC3339, user[name]); err != nil || now.Sub(at).Abs() > time.Second {
			t.Errorf("%s is %q", name, user[name])
		}
	}
}

// TestHTTPOtherSessions: another user's session id. Lost would be that session, or the knowledge that there is one.
func TestHTTPOtherSessions(t *testing.T) {
	h := httpOpen(t)
	eve := h.newcomer(t, "eve", "Eve has a long pole")
	var nothing httpAnswer
	for i, id := range []string{
		strings.Repeat("A", len(h.alice.session)), h.alice.session, strings.ToLower(h.alice.session), h.alice.session + "%00", "*", "%2e%2e",
		h.alice.ID + ":" + h.alice.session, h.alice.session + "%2f" + h.alice.session, "current", "%7B%22$ne%22:null%7D",
	} {
		a := h.attack(t, "DELETE", httpUsers+"/sessions/"+id, httpBearer(eve.access)).expect(t, 404, "not_found")
		switch {
		case i == 0:
			nothing = a
		case i == 1 && string(a.body) != string(nothing.body):
			t.Errorf("a session of Alice's answers %s, one that is not there %s", a.body, nothing.body)
		}
	}
	h.attack(t, "DELETE", httpUsers+"/sessions?keep=none&userId="+h.alice.ID) // without a token
	h.send(t, "DELETE", httpUsers+"/sessions?keep=current&userId="+h.alice.ID, httpBearer(eve.access)).expect(t, 200, "").empty(t, h.alice)
	for _, path := range []string{"/me?_id=", "/sessions?userId=", "/me?user="} {
		h.send(t, "GET", httpUsers+path+h.alice.ID, httpBearer(eve.access)).expect(t, 200, "").empty(t, h.alice)
	}
	for _, path := range []string{"/" + h.alice.ID, "/me/" + h.alice.ID, "/sessions/" + h.alice.session + "/user"} {
		h.attack(t, "GET", httpUsers+path, httpBearer(eve.access)).expect(t, 404, "not_found")
	}
	h.unharmed(t)
}

// TestHTTPEnumeration: is there such an account? Lost would be who the users are. Neither status, body nor header of a
// sign-in tells, with the throttle or without; TestHTTPEnumerationByWork is about time.
func TestHTTPEnumeration(t *testing.T) {
	for name, settings := range map[string]map[string]string{
		"calm": {}, "throttled": {"THROTTLE": "on", "LOGIN_FAILURES_PER_ACCOUNT": "3/15m"},
	} {
		t.Run(name, func(t *testing.T) {
			h := httpOpen(t, settings)
			for range 6 {
				known := h.attack(t, "POST", httpUsers+"/login", httpJSON("email", h.alice.Email, "password", "x"))
				for _, unknown := range []string{"nobody@example.org", "no address", "alice@example.org.", "\u0430lice@example.org"} {
					a := h.attack(t, "POST", httpUsers+"/login", httpJSON("email", unknown, "password", "x"))
					httpAlike(t, known, a)
				}
				known = h.attack(t, "POST", httpUsers+"/login", httpJSON("username", "alice", "password", "x"))
				httpAlike(t, known, h.attack(t, "POST", httpUsers+"/login", httpJSON("username", "nobody", "password", "x")))
			}
		})
	}
}

// httpAlike checks that two answers differ in nothing but what names the request.
func httpAlike(t *testing.T, a, b httpAnswer) {
	t.Helper()
	strip := func(h http.Header) string {
		h = h.Clone()
		h.Del("X-Request-Id")
		h.Del("Date")
		data, _ := json.Marshal(h) // of texts: cannot fail
		return string(data)
	}
	if a.status != b.status || string(a.body) != string(b.body) || strip(a.header) != strip(b.header) {
		t.Errorf("%d %s %s and %d %s %s are not alike", a.status, strip(a.header), a.body, b.status, strip(b.header), b.body)
	}
}

// TestHTTPLookalikes: names that people, or careless programs, take for another's. Lost would be the good name of who is
// imitated, or their account where some part of the service takes both for one. Each is refused, or is another user.
func TestHTTPLookalikes(t *testing.T) {
	h := httpOpen(t)
	admin := h.newcomer(t, "admin", httpPassword)
	for name, c := range map[string]struct{ username, code string }{
		"in capitals":                  {"ADMIN", "user_exists"},
		"with blanks around":           {" admin\u00a0", "user_exists"},
		"full-width":                   {"\uff41\uff44\uff4d\uff49\uff4e", "user_exists"},
		"full-width capitals":          {"\uff21\uff24\uff2d\uff29\uff2e", "user_exists"},
		"a blank within":               {"ad min", "validation_failed"},
		"a zero-width space":           {"ad\u200bmin", "validation_failed"},
		"a zero-width joiner":          {"ad\u200dmin", "validation_failed"},
		"a soft hyphen":                {"ad\u00admin", "validation_failed"},
		"a mark of byte order":         {"\ufeffadmin", "validation_failed"},
		"turned around":                {"\u202enimda", "validation_failed"},
		"mathematical letters":         {"\U0001d41a\U0001d41d\U0001d426\U0001d422\U0001d427", "validation_failed"},
		"a ligature":                   {"admi\ufb01", "validation_failed"},
		"letters in circles":           {"\u24d0dmin", "validation_failed"},
		"variation selectors":          {"admin\ufe0f", "validation_failed"},
		"tags":                         {"admin\U000e0061", "validation_failed"},
		"NUL":                          {"admin\x00", "validation_failed"},
		"no UTF-8, once it was":        {"admin\ufffd", "validation_failed"},
		"an email of hers":             {"admin@example.org", "validation_failed"},
		"a full-width at":              {"admin\uff20example.org", "validation_failed"},
		"overlong":                     {strings.Repeat("a", 65), "validation_failed"},
		"overlong before it is mapped": {strings.Repeat("\uff41", 5000), "validation_failed"},
		"overlong by marks":            {"admin" + strings.Repeat("\u0301", 500), "validation_failed"},
		"a Cyrillic letter":            {"\u0430dmin", "validation_failed"},
		"a Greek letter":               {"adm\u03b9n", "validation_failed"},
		"a trailing dot":               {"admin.", ""},
		"a line below":                 {"admin_", ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := h.send(t, "POST", httpUsers+"/register", httpJSON("username", c.username, "email", "x@evil.example", "password", "Eve has a long pole"))
			a.empty(t, admin)
			if a.code() != c.code {
				t.Fatalf("got %d %s, want %q", a.status, a.body, c.code)
			}
			if c.code != "user_exists" { // then it is the same name, however it was typed
				h.attack(t, "POST", httpUsers+"/login", httpJSON("username", c.username, "password", httpPassword))
			}
			if c.code == "" {
				in := h.send(t, "POST", httpUsers+"/login", httpJSON("username", c.username, "password", "Eve has a long pole")).expect(t, 200, "")
				var signedIn struct{ AccessToken string }
				in.data(t, &signedIn)
				if in.userID(t) == admin.ID {
					t.Error("it is the admin's")
				}
				h.send(t, "DELETE", httpUsers+"/me", httpJSON("password", "Eve has a long pole"), httpBearer(signedIn.AccessToken)).expect(t, 200, "")
			}
		})
	}
	h.unharmed(t)
}

// TestHTTPLookalikeEmails: addresses that are taken for another's.
func TestHTTPLookalikeEmails(t *testing.T) {
	h := httpOpen(t)
	same := []string{"ALICE@EXAMPLE.ORG", " alice@example.org\t", "\u00a0Alice@Example.org"}
	refused := []string{
		"alice@example.org.", "alice.@example.org", "alice@example..org", "ali\u200bce@example.org", "alice@exam\u00adple.org", "\ufeffalice@example.org",
		"alice@example.org\x00", "alice@example.org\r\nBcc: eve@evil.example", "Alice <alice@example.org>", "\"alice\"@example.org",
		"alice@example.org,eve@evil.example", "alice@example.org eve@evil.example", "alice(comment)@example.org", "alice@[127.0.0.1]", "alice\uff20example.org",
		"alice@@example.org", "alice@example.org@evil.example", "@example.org", "alice@", "alice", "\u202egro.elpmaxe@ecila",
		strings.Repeat("a", 65) + "@example.org", "a@" + strings.Repeat("a.", 130) + "org", "alice@example.org" + strings.Repeat(" ", 300) + "x",
	}
	for _, email := range same {
		h.attack(t, "POST", httpUsers+"/register", httpJSON("email", email, "password", "Eve has a long pole")).expect(t, 409, "user_exists")
	}
	for _, email := range refused {
		a := h.attack(t, "POST", httpUsers+"/register", httpJSON("email", email, "password", "Eve has a long pole"))
		if a.code() != "validation_failed" {
			t.Errorf("%q: got %d %s", email, a.status, a.body)
		}
		h.attack(t, "POST", httpUsers+"/login", httpJSON("email", email, "password", httpPassword)).expect(t, 401, "invalid_credentials")
	}
	for i, email := range []string{"\u0430lice@example.org", "\uff41lice@example.org", "alice@ex\u0430mple.org", "alice+eve@example.org"} {
		password := "Eve has a long pole " + string(rune('a'+i))
		h.send(t, "POST", httpUsers+"/register", httpJSON("email", email, "password", password)).expect(t, 201, "").empty(t, h.alice)
		h.attack(t, "POST", httpUsers+"/login", httpJSON("email", email, "password", httpPassword)).expect(t, 401, "invalid_credentials")
		h.attack(t, "POST", httpUsers+"/login", httpJSON("email", h.alice.Email, "password", password)).expect(t, 401, "invalid_credentials")
	}
	h.unharmed(t)
}
