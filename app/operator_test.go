package app_test

import (
	"context"
	"reflect"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

var desk = domain.Client{UserAgent: "an operator"}

// operated is a world in which ada has registered, and its operator. No throttle lets anybody else through by now, and
// registration demands all that it can.
func operated(t *testing.T) (*world, *app.Operator) {
	t.Helper()
	var deps app.Deps
	w := fresh(t, func(d *app.Deps) { deps = *d })
	deps.AccountFailures, deps.AddressFailures, deps.Registrations = spent{}, spent{}, spent{}
	deps.Required = []string{"username", "fullname", "email", "password", "avatar", "coverImage"}
	operator := app.NewOperator(deps, w.users)
	w.images.settle = operator.Wait
	return w, operator
}

// spent is a throttle that has everybody wait.
type spent struct{}

func (spent) Check(context.Context, string) (time.Duration, error) { return time.Hour, nil }
func (spent) Count(context.Context, string) (time.Duration, error) { return time.Hour, nil }

func TestOperatorsRegisterWithoutThrottleAndPictures(t *testing.T) {
	w, operator := operated(t)
	request := app.RegisterRequest{
		Username: "grace", Fullname: "Grace Hopper", Email: "grace@example.org", Password: domain.NewSecret(rightPassword), Client: desk,
	}
	_, err := operator.RegisterUser.Do(t.Context(), request)
	must(t, err)
	w.events.were(t, domain.EventRegistered)

	request.Fullname, request.Password = "", domain.NewSecret("short")
	_, err = operator.RegisterUser.Do(t.Context(), request)
	blames(t, err, domain.CodeValidationFailed, "fullname", "password")
}

func TestListUsers(t *testing.T) {
	w, operator := operated(t)
	n := 0
	for u, err := range operator.ListUsers.Do(t.Context()) {
		must(t, err)
		if n++; !reflect.DeepEqual(u, w.stored()) {
			t.Errorf("listed is %+v", u)
		}
	}
	if n != 1 {
		t.Errorf("%d users are listed", n)
	}
}

func TestListUsersOfAStoreThatCannot(t *testing.T) {
	var failures []error
	for _, err := range app.NewOperator(app.Deps{Now: time.Now}, nil).ListUsers.Do(t.Context()) {
		failures = append(failures, err)
	}
	if len(failures) != 1 || failures[0] == nil {
		t.Errorf("the errors are %v", failures)
	}
}

func TestFindUser(t *testing.T) {
	w, operator := operated(t)
	ada := w.stored()
	for _, name := range []string{string(ada.ID), email, " ADA@Example.org", "ada", "Ada "} {
		if found, err := operator.FindUser.Do(t.Context(), name); err != nil || !reflect.DeepEqual(found, ada) {
			t.Errorf("%q finds %+v, %v", name, found, err)
		}
	}
	for _, name := range []string{"nobody", "nobody@example.org", string(domain.NewUserID(w.clock.Now()))} {
		_, err := operator.FindUser.Do(t.Context(), name)
		fails(t, err, domain.CodeUserNotFound)
	}
	_, err := operator.FindUser.Do(t.Context(), " ")
	fails(t, err, domain.CodeValidationFailed)
}

// Whoever takes ada's id for a username does not get what is meant for her.
func TestFindUserTakesAnIDForWhoseItIs(t *testing.T) {
	w, operator := operated(t)
	ada := w.stored()
	_, err := w.RegisterUser.Do(t.Context(), app.RegisterRequest{
		Username: string(ada.ID), Email: "mallory@example.org", Password: domain.NewSecret(rightPassword), Client: home,
	})
	must(t, err)
	if found, err := operator.FindUser.Do(t.Context(), string(ada.ID)); err != nil || !reflect.DeepEqual(found, ada) {
		t.Errorf("found is %+v, %v", found, err)
	}
}

func TestFindUserTellsAFaultFromNobody(t *testing.T) {
	w, operator := operated(t)
	w.faults.at, w.faults.err = 2, ports.Unavailable(errBroken)
	_, err := operator.FindUser.Do(t.Context(), "ada")
	fails(t, err, domain.CodeUnavailable)
}

func TestOperatorsEndAllSessions(t *testing.T) {
	w, operator := operated(t)
	here, elsewhere := w.signIn(home), w.signIn(office)
	w.events.reset()
	all := app.EndSessionsRequest{Caller: app.Caller{User: w.stored()}, Client: desk}
	if n, err := operator.EndSessions.Do(t.Context(), all); err != nil || n != 2 {
		t.Errorf("%d sessions ended, %v", n, err)
	}
	w.events.were(t, domain.EventSessionEnded, domain.EventSessionEnded)
	w.dead(here.Tokens)
	w.dead(elsewhere.Tokens)
	if n, err := operator.EndSessions.Do(t.Context(), all); err != nil || n != 0 {
		t.Errorf("%d sessions ended again, %v", n, err)
	}
}
