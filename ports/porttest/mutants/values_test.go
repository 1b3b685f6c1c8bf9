package mutants

import (
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// What engines do to values.

func trimmed(s string) string { return strings.TrimSpace(s) }

func lineBreaks(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

func cut(s string) string { return s[:min(len(s), 255)] }

func firstPlane(s string) string {
	return strings.Map(func(r rune) rune {
		if r > 0xffff {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

func withoutAccents(s string) string {
	plain, _, _ := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn))), s)
	return plain
}

func floating(n int64) int64 {
	const most = 1<<63 - 1024 // the greatest float64 that is an int64
	return int64(min(float64(n), most))
}

func wholeSeconds(t time.Time) time.Time { return t.Truncate(time.Second) }

func local(t time.Time) time.Time { return t.In(time.FixedZone("local", 3600)) }

func clockAsUTC(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.Add(time.Duration(offset) * time.Second).UTC()
}

func since1970(t time.Time) time.Time {
	if epoch := time.UnixMilli(0).UTC(); t.Before(epoch) {
		return epoch
	}
	return t
}
