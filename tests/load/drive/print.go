package drive

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// Print writes what came of each kind of request.
func (r *Result) Print(w io.Writer) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "\trequests\t/s\tp50\tp90\tp99\tp99.9\tmax\t  errors")
	for _, op := range r.Ops() {
		t := r.Tallies[op]
		fmt.Fprintf(table, "%s\t%d\t%.1f\t", op, t.Done(), r.Rate(op))
		for _, percent := range []float64{50, 90, 99, 99.9, 100} {
			fmt.Fprintf(table, "%s\t", Short(t.At(percent)))
		}
		fmt.Fprintf(table, "  %s\n", orNone(t.Errors()))
	}
	_ = table.Flush() // what w cannot take, nobody reads
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}
