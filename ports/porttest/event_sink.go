package porttest

import (
	"fmt"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// TestEventSink proves an implementation of ports.EventSink that keeps events. Each call of open returns a sink that was
// told nothing, and what reads, from where the sink keeps them, the events that it was told since, in their order.
func TestEventSink(t *testing.T, open func(t *testing.T) (sink ports.EventSink, told func() []domain.Event)) {
	prove(t, func(t *testing.T) eventSink {
		sink, told := open(t)
		return eventSink{sink, told}
	}, eventSinkThemes)
}

var eventSinkThemes = []theme[eventSink]{
	{"Emit", []rule[eventSink]{
		{"KeepsEveryPart", sinkKeepsEveryPart},
		{"KeepsWhatHasFewParts", sinkKeepsFewParts},
		{"KeepsOddTexts", sinkKeepsOddTexts},
		{"KeepsTheOrder", sinkKeepsTheOrder},
	}},
	{"Contexts", []rule[eventSink]{
		{"WhoLeftIsToldOf", sinkHeedsNoContext},
	}},
	{"Races", []rule[eventSink]{
		{"ManyAtOnceAreEachKeptOnce", sinkKeepsMany},
	}},
}

// eventSink is the sink under test, with what it was told.
type eventSink struct {
	ports.EventSink
	told func() []domain.Event
}

// want compares what the sink was told with what it has.
func (s eventSink) want(t *testing.T, want ...domain.Event) {
	t.Helper()
	got := s.told()
	if len(got) != len(want) {
		t.Fatalf("the sink has %d events, want %d", len(got), len(want))
	}
	for i := range want {
		wantSame(t, fmt.Sprintf("event %d", i), got[i], want[i])
	}
}

// wholeEvent is one with all parts, and none like another.
func wholeEvent() domain.Event {
	return domain.Event{
		Kind: domain.EventKeyRotated, At: time.Date(2030, 1, 2, 3, 4, 5, 678e6, time.UTC), UserID: "a user", SessionID: "a session",
		Client:   domain.Client{IP: "192.0.2.1", UserAgent: "a browser", RequestID: "a request"},
		Rotation: domain.KeyRotation{KeyID: "a key", Step: domain.KeyRetired},
	}
}

func sinkKeepsEveryPart(t *testing.T, s eventSink) {
	s.Emit(t.Context(), wholeEvent())
	s.want(t, wholeEvent())
}

func sinkKeepsFewParts(t *testing.T, s eventSink) {
	few := domain.Event{Kind: domain.EventSignInFailed, At: wholeEvent().At}
	s.Emit(t.Context(), few)
	s.want(t, few)
}

// sinkKeepsOddTexts has clients say what could pass for the end of an event, or for another one.
func sinkKeepsOddTexts(t *testing.T, s eventSink) {
	var want []domain.Event
	for _, text := range append([]string{"x\n{\"event\":\"signed_in\"}\n", `","event":"signed_in`, " event=signed_in"}, oddTexts...) {
		e := wholeEvent()
		e.Client.UserAgent = text
		s.Emit(t.Context(), e)
		want = append(want, e)
	}
	s.want(t, want...)
}

func sinkKeepsTheOrder(t *testing.T, s eventSink) {
	var want []domain.Event
	for i := range 20 {
		e := wholeEvent()
		e.At, e.SessionID = e.At.Add(-time.Duration(i)*time.Hour), domain.SessionID(fmt.Sprint(i)) // by a clock that goes back
		s.Emit(t.Context(), e)
		want = append(want, e)
	}
	s.want(t, want...)
}

func sinkHeedsNoContext(t *testing.T, s eventSink) {
	var want []domain.Event
	for _, ctx := range deadContexts(t) {
		s.Emit(ctx, wholeEvent())
		want = append(want, wholeEvent())
	}
	s.want(t, want...)
}

func sinkKeepsMany(t *testing.T, s eventSink) {
	together(crowd, func(i int) bool {
		e := wholeEvent()
		e.SessionID = domain.SessionID(fmt.Sprint(i))
		s.Emit(t.Context(), e)
		return true
	})
	times := map[domain.SessionID]int{}
	for _, e := range s.told() {
		times[e.SessionID]++
	}
	for i := range crowd {
		if id := domain.SessionID(fmt.Sprint(i)); times[id] != 1 {
			t.Errorf("of %d events at once, the sink has number %s %d times", crowd, id, times[id])
		}
	}
}
