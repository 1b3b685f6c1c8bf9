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

// Two halves say what the whole would have.
func TestResultsAddUp(t *testing.T) {
	first, second := newTally(), newTally()
	first.add(Answer{Status: http.StatusOK}, time.Millisecond, true)
	first.add(Answer{Err: errors.New("reset")}, time.Millisecond, true)
	second.add(Answer{Status: http.StatusOK}, time.Second, true)
	second.add(Answer{Status: http.StatusServiceUnavailable}, time.Millisecond, true)
	second.add(Answer{Err: errors.New("reset")}, time.Millisecond, true)
	sum := NewResult()
	sum.Add(&Result{Took: time.Second, Tallies: map[Op]*Tally{Me: first}})
	sum.Add(&Result{Took: 3 * time.Second, Tallies: map[Op]*Tally{Me: second}})
	got := sum.Tallies[Me]
	if sum.Rate(Me) != 0.5 || sum.Bad() != 3 || got.Errors() != "1× status 503, 2× reset" {
		t.Errorf("%v/s, %d bad: %s", sum.Rate(Me), sum.Bad(), got.Errors())
	}
	if got.At(50) > 2*time.Millisecond || got.At(100) < time.Second {
		t.Errorf("p50 %v, p100 %v", got.At(50), got.At(100))
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
