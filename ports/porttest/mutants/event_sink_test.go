package mutants

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

type openSink func() (ports.EventSink, func() []domain.Event)

// recorder is a sink that keeps what change makes of an event.
type recorder struct {
	change func(ctx context.Context, kept []domain.Event, e domain.Event) []domain.Event
	// hasty is whether it lets others in between reading and writing.
	hasty bool

	mu   sync.Mutex
	kept []domain.Event
}

// Emit implements ports.EventSink.
func (r *recorder) Emit(ctx context.Context, e domain.Event) {
	r.mu.Lock()
	kept := r.kept
	if r.hasty {
		r.mu.Unlock()
		pause()
		r.mu.Lock()
	}
	r.kept = r.change(ctx, slices.Clone(kept), e)
	r.mu.Unlock()
}

func keep(_ context.Context, kept []domain.Event, e domain.Event) []domain.Event {
	return append(kept, e)
}

func recording(r func() *recorder) openSink {
	return func() (ports.EventSink, func() []domain.Event) {
		sink := r()
		return sink, func() []domain.Event { return sink.kept }
	}
}

var healthySink = recording(func() *recorder { return &recorder{change: keep} })

// keeping opens sinks that keep something else.
func keeping(change func(ctx context.Context, kept []domain.Event, e domain.Event) []domain.Event) openSink {
	return recording(func() *recorder { return &recorder{change: change} })
}

// keepingPart opens sinks that change an event.
func keepingPart(change func(e *domain.Event)) openSink {
	return keeping(func(_ context.Context, kept []domain.Event, e domain.Event) []domain.Event {
		change(&e)
		return append(kept, e)
	})
}

func sinkMutants() []mutant[openSink] {
	all := []mutant[openSink]{
		by("Emit/KeepsWhatHasFewParts", "drops events of nobody", keeping(func(_ context.Context, kept []domain.Event, e domain.Event) []domain.Event {
			if e.UserID == "" {
				return kept
			}
			return append(kept, e)
		})),
		by("Emit/KeepsOddTexts", "trims texts", keepingPart(func(e *domain.Event) { e.Client.UserAgent = trimmed(e.Client.UserAgent) })),
		by("Emit/KeepsOddTexts", "changes line breaks", keepingPart(func(e *domain.Event) { e.Client.UserAgent = lineBreaks(e.Client.UserAgent) })),
		by("Emit/KeepsOddTexts", "knows the first plane alone", keepingPart(func(e *domain.Event) { e.Client.UserAgent = firstPlane(e.Client.UserAgent) })),
		by("Emit/KeepsTheOrder", "has the newest first", keeping(func(_ context.Context, kept []domain.Event, e domain.Event) []domain.Event {
			return append([]domain.Event{e}, kept...)
		})),
		by("Emit/KeepsTheOrder", "sorts by time", keeping(func(_ context.Context, kept []domain.Event, e domain.Event) []domain.Event {
			kept = append(kept, e)
			slices.SortFunc(kept, func(a, b domain.Event) int { return a.At.Compare(b.At) })
			return kept
		})),
		by("Emit/KeepsTheOrder Races/ManyAtOnceAreEachKeptOnce", "keeps the newest alone", keeping(func(_ context.Context, _ []domain.Event, e domain.Event) []domain.Event {
			return []domain.Event{e}
		})),
		by("Contexts/WhoLeftIsToldOf", "heeds its context", keeping(func(ctx context.Context, kept []domain.Event, e domain.Event) []domain.Event {
			if ctx.Err() != nil {
				return kept
			}
			return append(kept, e)
		})),
		by("Races/ManyAtOnceAreEachKeptOnce", "reads, and then writes", recording(func() *recorder { return &recorder{change: keep, hasty: true} })),
		by("Emit/KeepsEveryPart Races/ManyAtOnceAreEachKeptOnce", "keeps all twice", keeping(func(_ context.Context, kept []domain.Event, e domain.Event) []domain.Event {
			return append(kept, e, e)
		})),
	}
	for part, lose := range map[string]func(e *domain.Event){
		"the kind":       func(e *domain.Event) { e.Kind = domain.EventRegistered },
		"milliseconds":   func(e *domain.Event) { e.At = e.At.Truncate(1e9) },
		"UTC":            func(e *domain.Event) { e.At = e.At.In(time.FixedZone("far east", 9*60*60)) },
		"UserID":         func(e *domain.Event) { e.UserID = "" },
		"SessionID":      func(e *domain.Event) { e.SessionID = "" },
		"the IP":         func(e *domain.Event) { e.Client.IP = "" },
		"the UserAgent":  func(e *domain.Event) { e.Client.UserAgent = "" },
		"the RequestID":  func(e *domain.Event) { e.Client.RequestID = "" },
		"the KeyID":      func(e *domain.Event) { e.Rotation.KeyID = "" },
		"the key's Step": func(e *domain.Event) { e.Rotation.Step = "" },
	} {
		all = append(all, by("Emit/KeepsEveryPart", "loses "+part, keepingPart(lose)))
	}
	return all
}
