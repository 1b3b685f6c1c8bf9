package mongo

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
	"github.com/latchkey-auth/latchkey/tests/engines"
)

func wants(t *testing.T, step string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got the error %v, want %v", step, err, want)
	}
}

func TestClosedIsUnavailable(t *testing.T) {
	s := connectTo(t, engines.Mongo(t), time.Now)
	check(t, s.Ping(t.Context()))
	check(t, s.Close())
	wants(t, "Ping", s.Ping(t.Context()), ports.ErrUnavailable)
	_, err := s.Users().ByID(t.Context(), "000000000000000000000001")
	wants(t, "ByID", err, ports.ErrUnavailable)
	wants(t, "Create", s.Sessions().Create(t.Context(), domain.Session{ID: "one"}), ports.ErrUnavailable)
}

// TestSilence connects to what takes connections and says nothing.
func TestSilence(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	t.Cleanup(func() { _ = l.Close() })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err = Connect(ctx, "mongodb://"+l.Addr().String(), time.Now)
	wants(t, "Connect", err, ports.ErrUnavailable)
	wants(t, "Connect", err, context.DeadlineExceeded)
}

func TestErrorsShowNoPassword(t *testing.T) {
	for _, url := range []string{
		"mongodb://ann:hunter2@127.0.0.1:1/?serverSelectionTimeoutMS=1",
		"mongodb://ann:hunter2@127.0.0.1:1/db?w=x&tls=maybe",
		"mongodb://ann:hunter2%zz@127.0.0.1:1/db",
		"mongodb://ann:hunter2@/db",
		"mongodb://ann:hun/ter2@127.0.0.1/db",
		"mongodb:/ann:hunter2@127.0.0.1/db",
		"mongodb://ann:hunter2@127.0.0.1:port/db",
		"mongodb://ann:hunter2@127.0.0.1/%zz",
	} {
		_, err := Connect(t.Context(), url, time.Now)
		if err == nil || strings.Contains(err.Error(), "hun") {
			t.Errorf("connecting to %s: %v", url, err)
		}
	}
}

func TestTranslate(t *testing.T) {
	write := func(code int) error { return driver.WriteException{WriteErrors: driver.WriteErrors{{Code: code}}} }
	for name, c := range map[string]struct {
		err  error
		want error
	}{
		"no document":        {driver.ErrNoDocuments, ports.ErrNotFound},
		"network":            {driver.CommandError{Labels: []string{"NetworkError"}}, ports.ErrUnavailable},
		"connections":        {driver.CommandError{Labels: []string{"TransientTransactionError"}}, ports.ErrUnavailable},
		"connection":         {&net.OpError{Op: "dial", Err: errors.New("refused")}, ports.ErrUnavailable},
		"closed":             {driver.ErrClientDisconnected, ports.ErrUnavailable},
		"deposed":            {driver.CommandError{Code: 10107}, ports.ErrUnavailable},
		"retryable":          {driver.CommandError{Code: 4, Labels: []string{"RetryableWriteError"}}, ports.ErrUnavailable},
		"too late":           {driver.CommandError{Code: 50, Name: "MaxTimeMSExpired"}, ports.ErrUnavailable},
		"stepping down":      {write(189), ports.ErrUnavailable},
		"no majority":        {driver.WriteException{WriteConcernError: &driver.WriteConcernError{Code: 4242}}, ports.ErrUnavailable},
		"refused":            {driver.CommandError{Code: 13, Name: "Unauthorized"}, nil},
		"refused as a write": {write(121), nil},
		"cannot be sent":     {driver.MarshalError{Err: errors.New("odd")}, nil},
	} {
		got := translate(t.Context(), c.err)
		switch {
		case c.want == nil && (errors.Is(got, ports.ErrUnavailable) || got.Error() != c.err.Error()):
			t.Errorf("%s: got %v, want the error itself", name, got)
		case c.want != nil && !errors.Is(got, c.want):
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}

func TestViolatedField(t *testing.T) {
	raw, err := bson.Marshal(bson.D{{Key: "keyPattern", Value: bson.D{{Key: "email", Value: 1}}}})
	check(t, err)
	for _, c := range []struct {
		err       error
		field     string
		duplicate bool
	}{
		{driver.WriteException{WriteErrors: driver.WriteErrors{{Code: 11000, Raw: raw}}}, "email", true},
		{driver.WriteException{WriteErrors: driver.WriteErrors{{Code: 11000}}}, "", true},
		{driver.CommandError{Code: 11000}, "", true},
		{driver.WriteException{WriteErrors: driver.WriteErrors{{Code: 121, Raw: raw}}}, "", false},
		{nil, "", false},
	} {
		if field, duplicate := violated(c.err); field != c.field || duplicate != c.duplicate {
			t.Errorf("%v: got %q, %t", c.err, field, duplicate)
		}
	}
}

func TestDatabaseName(t *testing.T) {
	for url, want := range map[string]string{
		"mongodb://localhost":                      "latchkey",
		"mongodb://localhost/":                     "latchkey",
		"mongodb://localhost/?w=1":                 "latchkey",
		"mongodb://a:1,b:2/app":                    "app",
		"mongodb+srv://ann:x%2Fy@host/a%20b?tls=1": "a b",
	} {
		if got, err := databaseOf(url); got != want || err != nil {
			t.Errorf("%s: got %q, %v, want %q", url, got, err, want)
		}
	}
}
