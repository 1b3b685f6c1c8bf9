package client_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/adapters/client"
	"github.com/latchkey-auth/latchkey/adapters/web"
)

// TestEveryRouteHasItsMethod: what the OpenAPI document lists, the client calls.
func TestEveryRouteHasItsMethod(t *testing.T) {
	l := open(t)
	ctx := t.Context()
	u, err := l.UpdateProfile(ctx, client.ProfileChange{Fullname: new("Ada Lovelace")})
	must(t, err)
	if u.Fullname != "Ada Lovelace" || u.Email != ada.Email || u.ID == "" || u.CreatedAt.IsZero() {
		t.Errorf("the user is %+v", u)
	}
	var picture bytes.Buffer
	must(t, png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 8, 8))))
	u, err = l.ChangeAvatar(ctx, picture.Bytes())
	must(t, err)
	u, err = l.ChangeCoverImage(ctx, picture.Bytes())
	must(t, err)
	if u.Avatar == "" || u.CoverImage == "" {
		t.Errorf("the user is %+v", u)
	}
	must(t, l.ChangePassword(ctx, passphrase, "another horse battery"))
	must(t, l.Refresh(ctx))
	all, err := l.Sessions(ctx)
	must(t, err)
	if len(all) != 1 || !all[0].Current || all[0].EndedAt != nil || all[0].IP == "" || all[0].UserAgent == "" {
		t.Errorf("the sessions are %+v", all)
	}
	is(t, l.EndSession(ctx, "no/such"), client.CodeNotFound)
	_, err = l.EndSessions(ctx, client.KeepCurrent)
	must(t, err)
	must(t, l.Logout(ctx))
	if l.tokens(t) != (client.Tokens{}) {
		t.Error("there are tokens after signing out")
	}
	_, err = l.Me(ctx)
	is(t, err, client.CodeTokenMissing)
	_, err = l.Login(ctx, client.Credentials{Email: ada.Email, Password: "another horse battery"})
	must(t, err)
	must(t, l.DeleteAccount(ctx, "another horse battery"))
	if l.tokens(t) != (client.Tokens{}) {
		t.Error("there are tokens of nobody")
	}

	var doc struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	must(t, json.Unmarshal(web.OpenAPI(), &doc))
	for path, operations := range doc.Paths {
		if !strings.HasPrefix(path, "/api/") {
			continue
		}
		for method := range maps.Keys(operations) {
			route := strings.ToUpper(method) + " " + strings.Replace(path, "{id}", "no/such", 1)
			if !slices.Contains(l.link.sent, route) {
				t.Errorf("the client has no method for %s %s", method, path)
			}
		}
	}
}

// TestARefusalSaysWhatIsWrong with which field.
func TestARefusalSaysWhatIsWrong(t *testing.T) {
	l := open(t)
	_, err := l.Register(t.Context(), client.Registration{Email: ada.Email, Password: passphrase})
	refused := is(t, err, client.CodeUserExists)
	if refused.Status != 409 || len(refused.Fields) != 1 || refused.Fields[0].Field != "email" || refused.Fields[0].Message == "" ||
		refused.Message == "" || refused.RequestID == "" {
		t.Errorf("got %+v", refused)
	}
}

func TestAddressesThatAreNone(t *testing.T) {
	for _, cfg := range []client.Config{{}, {URL: "auth.example.org"}, {URL: "ftp://auth.example.org"}, {URL: "https://auth.example.org", Origins: []string{"shop"}}} {
		if _, err := client.New(cfg); err == nil {
			t.Errorf("%+v makes a client", cfg)
		}
	}
}

// TestAnswersThatAreNotLatchkeys are errors, and no empty user; of one without end, not all is read.
func TestAnswersThatAreNotLatchkeys(t *testing.T) {
	l := open(t)
	for name, body := range map[string]string{
		"a page":      `<html>`,
		"other JSON":  `{}`,
		"another way": `{"data":[]}`,
		"too long":    `{"data":{}}` + strings.Repeat(" ", 4<<20),
	} {
		l.link.becomes(func(*http.Request) *http.Response { return reply(200, body) })
		if u, err := l.Me(t.Context()); err == nil || u != (client.User{}) {
			t.Errorf("%s: %+v, %v", name, u, err)
		}
	}
}
