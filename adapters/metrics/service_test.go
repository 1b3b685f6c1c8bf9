package metrics_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/tests/scenario"
	"github.com/latchkey-auth/latchkey/tests/world"
)

// live is the figures of a whole service after somebody has registered, signed in, refreshed and left, and somebody else
// has failed to sign in.
func live(t *testing.T, settings map[string]string) string {
	t.Helper()
	w := world.Open(t, settings)
	ctx, service := t.Context(), scenario.HTTP(w.Client, w.URL)
	ada := scenario.Registration{Email: "ada@example.org", Password: "correct horse battery"}
	_, err := service.Register(ctx, ada)
	must(t, err)
	_, err = service.Login(ctx, scenario.Credentials{Email: ada.Email, Password: "wrong"})
	if _, refused := errors.AsType[*scenario.Failure](err); !refused {
		t.Fatal(err)
	}
	in, err := service.Login(ctx, scenario.Credentials{Email: ada.Email, Password: ada.Password})
	must(t, err)
	next, err := service.Refresh(ctx, in.RefreshToken)
	must(t, err)
	_, err = service.Me(ctx, next.AccessToken)
	must(t, err)
	must(t, service.Logout(ctx, next.AccessToken, ""))
	return page(w, "/metrics")
}

// page is what the operator is shown.
func page(w *world.World, path string) string {
	answer := httptest.NewRecorder()
	w.Operator.ServeHTTP(answer, httptest.NewRequest("GET", "http://localhost"+path, nil))
	return answer.Body.String()
}

// TestTheServiceIsCounted: everything is wired.
func TestTheServiceIsCounted(t *testing.T) {
	told := live(t, nil)
	for _, line := range []string{
		`latchkey_http_request_duration_seconds_count{method="POST",route="/api/v1/users/login",status="401"} 1`,
		`latchkey_http_request_duration_seconds_count{method="GET",route="/api/v1/users/me",status="200"} 1`,
		`latchkey_sign_ins_total{outcome="succeeded"} 1`,
		`latchkey_sign_ins_total{outcome="failed"} 1`,
		`latchkey_refreshes_total{outcome="rotated"} 1`,
		`latchkey_events_total{event="registered"} 1`,
		`latchkey_sessions_started_total 1`,
		`latchkey_sessions_ended_total{reason="signed_out"} 1`,
		`latchkey_hash_duration_seconds_count 3`,
		`latchkey_store_operations_total{operation="create",outcome="ok",store="users"} 1`,
		`latchkey_store_operations_total{operation="create",outcome="ok",store="sessions"} 1`,
		`latchkey_store_operations_total{operation="read",outcome="ok",store="callers"} 2`,
	} {
		if !strings.Contains(told, "\n"+line+"\n") {
			t.Errorf("the figures lack %s", line)
		}
	}
	if strings.Contains(told, "ada@") || strings.Contains(told, "127.0.0.1") {
		t.Error("the figures tell who it was")
	}
}

// TestMethodsThatClientsMakeUpAreOne: they have endless many, and figures are kept for ever.
func TestMethodsThatClientsMakeUpAreOne(t *testing.T) {
	w := world.Open(t, nil)
	for _, method := range []string{"SPAM1", "SPAM2"} {
		request, err := http.NewRequestWithContext(t.Context(), method, w.URL+"/healthz", nil)
		must(t, err)
		answer, err := w.Client.Do(request)
		must(t, err)
		must(t, answer.Body.Close())
	}
	told := page(w, "/metrics")
	if strings.Contains(told, "SPAM") || !strings.Contains(told, `latchkey_http_request_duration_seconds_count{method="other",route="",status="405"} 2`) {
		t.Errorf("the figures are %s", told)
	}
}

// TestEnginesAreToldApart, where a session is in one and its user in another.
func TestEnginesAreToldApart(t *testing.T) {
	told := live(t, map[string]string{"TOKEN_STORE": "memory:"})
	for _, line := range []string{
		`latchkey_store_operations_total{operation="get",outcome="ok",store="sessions"} 3`,
		`latchkey_store_operations_total{operation="by_id",outcome="ok",store="users"} 3`,
	} {
		if !strings.Contains(told, "\n"+line+"\n") {
			t.Errorf("the figures lack %s", line)
		}
	}
	if strings.Contains(told, `store="callers"`) {
		t.Error("nothing reads both in one go")
	}
}
