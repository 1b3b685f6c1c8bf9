package service

import "github.com/tidwall/gjson"

// Latchkey is this repository's service.
func Latchkey() Service {
	const users = "/api/v1/users"
	return Service{
		Name:  "latchkey",
		Alive: "/healthz",
		Register: func(a Account) Request {
			return post(users+"/register", object("email", a.Email, "password", a.Password))
		},
		Login:   func(a Account) Request { return post(users+"/login", object("email", a.Email, "password", a.Password)) },
		Refresh: func(t Tokens) Request { return post(users+"/refresh-token", object("refreshToken", t.Refresh)) },
		Me:      func(t Tokens) Request { return get(users+"/me", t.Access) },
		Read: func(body []byte) Tokens {
			data := gjson.GetBytes(body, "data")
			return Tokens{Access: data.Get("accessToken").Str, Refresh: data.Get("refreshToken").Str}
		},
	}
}
