package domain_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
)

func TestErrorsAreToldApartByCode(t *testing.T) {
	wrapped := fmt.Errorf("signing in: %w", domain.TooManyAttempts(time.Minute))
	if !errors.Is(wrapped, domain.TooManyAttempts(0)) || errors.Is(wrapped, domain.ErrUnavailable) {
		t.Error("errors are not told apart by their code")
	}
	if domain.ErrTokenInvalid.Is(errors.New(domain.ErrTokenInvalid.Error())) {
		t.Error("errors are told apart by their text")
	}
	if e, ok := errors.AsType[*domain.Error](wrapped); !ok || e.RetryAfter != time.Minute {
		t.Errorf("the wait is lost: %v", wrapped)
	}
}

func TestErrorsSayWhatIsToBlame(t *testing.T) {
	for want, err := range map[string]error{
		"token_expired: The token has expired.":                              domain.ErrTokenExpired,
		"validation_failed: email: is required":                              domain.Invalid("email", "is required"),
		"image_invalid: avatar: is no image":                                 domain.ImageInvalid("avatar", "is no image"),
		"user_exists: email: is already in use; username: is already in use": domain.UserExists("email", "username"),
	} {
		if err.Error() != want {
			t.Errorf("%q; want %q", err, want)
		}
	}
	if busy := domain.Busy(time.Second); busy.Code != domain.CodeBusy || busy.RetryAfter != time.Second {
		t.Errorf("busy is %+v", busy)
	}
}

func TestProblemsAreSaidAllAtOnce(t *testing.T) {
	var problems domain.Problems
	problems.Add(nil)
	if err := problems.Err(); err != nil {
		t.Fatalf("without problems: %v", err)
	}
	problems.Add(domain.Invalid("email", "is required"))
	problems.Add(fmt.Errorf("wrapped: %w", domain.Invalid("password", "is required")))
	err, ok := errors.AsType[*domain.Error](problems.Err())
	if !ok || err.Code != domain.CodeValidationFailed {
		t.Fatalf("the problems are %v", problems.Err())
	}
	want := []domain.FieldError{{Field: "email", Message: "is required"}, {Field: "password", Message: "is required"}}
	if !slices.Equal(err.Fields, want) {
		t.Errorf("the fields to blame are %v; want %v", err.Fields, want)
	}
}
