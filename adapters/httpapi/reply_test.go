package httpapi

import (
	"encoding/json"
	"testing"
	"time"
)

func TestTimestampsAreWrittenAsJavaScriptDoes(t *testing.T) {
	second := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	for _, c := range []struct {
		time time.Time
		want string
	}{
		{second, "2026-02-03T04:05:06.000Z"},
		{second.Add(7 * time.Millisecond), "2026-02-03T04:05:06.007Z"},
		{second.Add(70 * time.Millisecond), "2026-02-03T04:05:06.070Z"},
		{second.Add(time.Second - time.Nanosecond), "2026-02-03T04:05:06.999Z"},
		{second.In(time.FixedZone("", 5400)), "2026-02-03T04:05:06.000Z"},
		{time.UnixMilli(-1), "1969-12-31T23:59:59.999Z"},
		{time.Time{}, "0001-01-01T00:00:00.000Z"},
	} {
		if got, err := json.Marshal(timestamp(c.time)); string(got) != `"`+c.want+`"` || err != nil {
			t.Errorf("%v is written as %s (%v), want %s", c.time, got, err, c.want)
		}
	}
}
