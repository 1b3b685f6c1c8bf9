package drive

import (
	"errors"
	"net/http"
	"testing"
	"time"
)

func TestPercentiles(t *testing.T) {
	tally := newTally()
	for i := 1; i <= 1000; i++ {
		tally.add(Answer{Status: http.StatusOK}, time.Duration(i)*time.Millisecond, true)
	}
	for percent, want := range map[float64]time.Duration{50: 500 * time.Millisecond, 99: 990 * time.Millisecond, 100: time.Second} {
		if got := tally.At(percent); got < want || got > want+want/500 {
			t.Errorf("at %v %%: %v, want %v", percent, got, want)
		}
	}
	if tally.Done() != 1000 || tally.Bad() != 0 || tally.Errors() != "" {
		t.Errorf("%d done, %d bad: %s", tally.Done(), tally.Bad(), tally.Errors())
	}
}

// Whoever is refused is refused fast, and late answers are no work done in time.
func TestWhatDoesNotCount(t *testing.T) {
	tally := newTally()
	tally.add(Answer{Status: http.StatusOK}, 2*time.Second, false)
	for range 9 {
		tally.add(Answer{Status: http.StatusServiceUnavailable}, time.Millisecond, true)
	}
	tally.add(Answer{Err: errors.New("reset")}, time.Millisecond, true)
	if tally.Done() != 0 {
		t.Errorf("%d done in time, want none", tally.Done())
	}
	if tally.At(50) < 2*time.Second {
		t.Errorf("half of the answers took %v", tally.At(50))
	}
	if got, want := tally.Errors(), "9× status 503, 1× reset"; got != want || tally.Bad() != 10 {
		t.Errorf("%d bad: %q, want %q", tally.Bad(), got, want)
	}
}

func TestNoAnswerHasNoLatency(t *testing.T) {
	if got := newTally().At(99); got != 0 {
		t.Errorf("got %v", got)
	}
}

func TestVeryLongAnswersCountAsTheLongest(t *testing.T) {
	tally := newTally()
	tally.waited(time.Hour)
	if got := tally.At(100); got < longest || got > longest+longest/500 {
		t.Errorf("got %v, want %v", got, longest)
	}
}
