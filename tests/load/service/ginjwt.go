package service

import "github.com/tidwall/gjson"

// GinJWT is peers/ginjwt.
func GinJWT() Service {
	return Service{
		Name:     "gin-jwt",
		Alive:    "/hello",
		Register: func(a Account) Request { return post("/register", object("email", a.Email, "password", a.Password)) },
		Login:    func(a Account) Request { return post("/login", object("email", a.Email, "password", a.Password)) },
		Refresh:  func(t Tokens) Request { return post("/refresh", object("refresh_token", t.Refresh)) },
		Me:       func(t Tokens) Request { return get("/me", t.Access) },
		Read: func(body []byte) Tokens {
			return Tokens{Access: gjson.GetBytes(body, "access_token").Str, Refresh: gjson.GetBytes(body, "refresh_token").Str}
		},
	}
}

// GinHello is Gin alone, in peers/ginjwt: it says hello to whoever asks who one is.
func GinHello() Service {
	return Service{
		Name:  "gin-hello",
		Alive: "/hello",
		Me:    func(Tokens) Request { return get("/hello", "") },
	}
}
