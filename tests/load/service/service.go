// Package service knows how to ask each service that is measured for what all of them do.
package service

import (
	"strconv"
	"strings"
)

// Account is somebody who signs in.
type Account struct{ Email, Password string }

// Numbered is the account of a number, the same one in every run.
func Numbered(n int) Account {
	return Account{Email: "person-" + strconv.Itoa(n) + "@example.org", Password: "a lamp beside the door"}
}

// Tokens is what somebody holds who is signed in.
type Tokens struct {
	Access, Refresh string
	UserID          string // where it is asked for by that
}

// Request is one request, as far as services differ.
type Request struct {
	Method, Path string
	Bearer       string // the token that it is sent with
	Body         string // JSON
}

// Service says what to ask for. What is nil, the service does not have.
type Service struct {
	Name  string
	Alive string // the path of what answers as soon as the service is up

	Register func(Account) Request
	Login    func(Account) Request
	Refresh  func(Tokens) Request
	Me       func(Tokens) Request
	// Read is the tokens after an answer to Login or Refresh.
	Read func(body []byte) Tokens
}

// All is every service, by name.
func All() map[string]Service {
	all := map[string]Service{}
	for _, each := range []Service{Latchkey(), GinJWT(), GinHello(), PocketBase()} {
		all[each.Name] = each
	}
	return all
}

func get(path, bearer string) Request { return Request{Method: "GET", Path: path, Bearer: bearer} }

func post(path, body string) Request { return Request{Method: "POST", Path: path, Body: body} }

// object is a JSON object of names and values, one after the other, all of them plain ASCII.
func object(pairs ...string) string {
	var b strings.Builder
	separator := `{"`
	for i := 0; i < len(pairs); i += 2 {
		b.WriteString(separator)
		b.WriteString(pairs[i])
		b.WriteString(`":"`)
		b.WriteString(pairs[i+1])
		separator = `","`
	}
	b.WriteString(`"}`)
	return b.String()
}
