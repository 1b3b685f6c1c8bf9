package compare

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// unit is how a figure is written.
type unit string

const (
	perSecond    unit = "/s"
	milliseconds unit = " ms"
	mebibytes    unit = " MiB"
	percent      unit = " %"
	plain        unit = ""
)

// verdict is what becomes of a row.
type verdict string

const (
	pass     verdict = "pass"
	missed   verdict = "**missed**"
	unknown  verdict = "not measured"
	unjudged verdict = ""
)

// judge compares a figure with its bound: the median, but of what must not happen at all, every round.
func (b bound) judge(s span) verdict {
	switch {
	case b == bound{}:
		return unjudged
	case b.none && s.most > 0, s.median < b.least, b.most > 0 && s.median > b.most:
		return missed
	}
	return pass
}

// String is the bound as the table has it.
func (b bound) String() string {
	switch {
	case b.none:
		return "0"
	case b.least > 0:
		return "≥ " + short(b.least)
	case b.most > 0:
		return "≤ " + short(b.most)
	}
	return ""
}

// print writes the table, in Markdown, and answers how many rows were missed. Its figures are those of own.
func (f figures) print(w io.Writer, own string, rows []row) (bad int) {
	fmt.Fprintf(w, "| work | %s | beside | measured | target | |\n", own)
	fmt.Fprintln(w, "|---|---|---|---|---|---|")
	for _, r := range rows {
		line, result := f.line(r)
		fmt.Fprintf(w, "| %s |\n", strings.Join(line, " | "))
		if result == missed {
			bad++
		}
	}
	return bad
}

// line is the cells of a row.
func (f figures) line(r row) ([]string, verdict) {
	target := r.bound.String()
	own, ok := f.of(r.figure)
	measured, name, other := own, "", span{}
	if r.beside != "" && ok {
		name = r.beside
		other, _ = f.of(r.beside)
		measured, ok = f.ratio(r.figure, r.beside)
	}
	if !ok {
		return []string{r.work, "", r.beside, "", target, string(unknown)}, unknown
	}
	result := r.bound.judge(measured)
	if name == "" {
		return []string{r.work, own.in(r.unit), "", own.spread(), target, string(result)}, result
	}
	return []string{r.work, own.in(r.unit), name + ": " + other.in(r.unit), short(measured.median) + " " + measured.spread(), target, string(result)}, result
}

// in is the median in a unit.
func (s span) in(u unit) string { return short(s.median) + string(u) }

// spread is the least and the greatest, where there was more than one round.
func (s span) spread() string {
	if s.least == s.most {
		return ""
	}
	return fmt.Sprintf("(%s–%s)", short(s.least), short(s.most))
}

// short is a number in three digits or so, with commas between thousands.
func short(v float64) string {
	switch {
	case v >= 1000:
		return thousands(int64(v + 0.5))
	case v >= 100 || v == float64(int64(v)):
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

func thousands(n int64) string {
	if n < 1000 {
		return strconv.FormatInt(n, 10)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}
