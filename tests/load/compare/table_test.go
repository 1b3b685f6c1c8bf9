package compare

import (
	"strings"
	"testing"
)

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		bound bound
		span  span
		want  verdict
	}{
		{atLeast(2), span{1, 2, 3}, pass},
		{atLeast(2), span{1, 1.9, 3}, missed},
		{atMost(2), span{1, 2, 3}, pass},
		{atMost(2), span{1, 2.1, 3}, missed},
		{noneAtAll, span{}, pass},
		{noneAtAll, span{0, 0, 1}, missed}, // once is once too often
		{bound{}, span{5, 5, 5}, unjudged},
	} {
		if got := c.bound.judge(c.span); got != c.want {
			t.Errorf("%v of %v: %q, want %q", c.span, c.bound, got, c.want)
		}
	}
}

func TestTable(t *testing.T) {
	f := figures{"me": {30000, 34567}, "peer": {60000, 60000}, "start": {61}}
	var out strings.Builder
	bad := f.print(&out, "Latchkey", []row{
		{"me", "me", "peer", perSecond, atLeast(0.5)},
		{"start", "start", "", milliseconds, atMost(50)},
		{"refresh", "refresh", "peer", perSecond, atLeast(1)},
	})
	want := `| work | Latchkey | beside | measured | target | |
|---|---|---|---|---|---|
| me | 32,284/s | peer: 60,000/s | 0.54 (0.50–0.58) | ≥ 0.50 | pass |
| start | 61 ms |  |  | ≤ 50 | **missed** |
| refresh |  | peer |  | ≥ 1 | not measured |
`
	if out.String() != want || bad != 1 {
		t.Errorf("%d missed:\n%s\nwant\n%s", bad, out.String(), want)
	}
}

func TestShort(t *testing.T) {
	for value, want := range map[float64]string{
		0: "0", 0.054: "0.05", 1.5: "1.50", 8: "8", 12.34: "12.3", 123.4: "123", 1234.5: "1,235", 1234567: "1,234,567", 1000005: "1,000,005",
	} {
		if got := short(value); got != want {
			t.Errorf("%v: %s, want %s", value, got, want)
		}
	}
}
