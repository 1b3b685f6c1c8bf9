package app

import (
	"context"
	"slices"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// Operator is the use cases of whoever operates the service. What an operator does takes nobody's password and no
// session, and no throttle holds it up.
type Operator struct {
	// RegisterUser demands no pictures, whatever registration does otherwise: an operator has none of others.
	RegisterUser RegisterUser
	ListUsers    ListUsers
	FindUser     FindUser
	SetPassword  SetPassword
	RemoveUser   RemoveUser
	// ListSessions and EndSessions are about the user of a Caller that has no session.
	ListSessions ListSessions
	EndSessions  EndSessions

	cleanups *cleanups
}

// Wait is App.Wait.
func (o *Operator) Wait() { o.cleanups.running.Wait() }

// NewOperator builds the use cases of an operator. They need neither Issuer nor Verifier, nor throttles. All lists the
// users; nil where their store cannot.
func NewOperator(d Deps, all ports.UserLister) *Operator {
	d.AccountFailures, d.AddressFailures, d.Registrations = unthrottled{}, unthrottled{}, unthrottled{}
	d.Required = slices.DeleteFunc(slices.Clone(d.Required), func(field string) bool {
		return slices.Contains(pictures, domain.Image(field))
	})
	a := New(d)
	return &Operator{
		RegisterUser: a.RegisterUser,
		ListUsers:    ListUsers{all},
		FindUser:     FindUser{d.Users},
		SetPassword:  SetPassword{a.ChangePassword},
		RemoveUser:   RemoveUser{a.DeleteAccount},
		ListSessions: a.ListSessions,
		EndSessions:  a.EndSessions,
		cleanups:     a.cleanups,
	}
}

// unthrottled lets operators do everything at once.
type unthrottled struct{}

func (unthrottled) Check(context.Context, string) (time.Duration, error) { return 0, nil }
func (unthrottled) Count(context.Context, string) (time.Duration, error) { return 0, nil }
