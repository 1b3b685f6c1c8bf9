package service

import "github.com/tidwall/gjson"

// PocketBase is peers/pocketbase, with the collection of users that it comes with.
func PocketBase() Service {
	const users = "/api/collections/users"
	return Service{
		Name:  "pocketbase",
		Alive: "/api/health",
		Register: func(a Account) Request {
			return post(users+"/records", object("email", a.Email, "password", a.Password, "passwordConfirm", a.Password))
		},
		Login: func(a Account) Request {
			return post(users+"/auth-with-password", object("identity", a.Email, "password", a.Password))
		},
		Refresh: func(t Tokens) Request {
			return Request{Method: "POST", Path: users + "/auth-refresh", Bearer: t.Refresh}
		},
		Me: func(t Tokens) Request { return get(users+"/records/"+t.UserID, t.Access) },
		Read: func(body []byte) Tokens {
			token := gjson.GetBytes(body, "token").Str // there is but one, for both
			return Tokens{Access: token, Refresh: token, UserID: gjson.GetBytes(body, "record.id").Str}
		},
	}
}
