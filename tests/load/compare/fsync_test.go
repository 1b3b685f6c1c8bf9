package compare

import (
	"strings"
	"testing"
	"time"
)

func TestCountCalls(t *testing.T) {
	const trace = `812 1763700000.100000 fsync(7)       = 0
815 1763700001.000000 fdatasync(9)           = 0
815 1763700001.500000 fsync(9 <unfinished ...>
812 1763700001.600000 --- SIGURG {si_signo=SIGURG, si_code=SI_TKILL} ---
815 1763700001.700000 <... fsync resumed>)   = 0
815 1763700002.000000 fsync(9)               = 0
812 1763700002.100000 +++ exited with 0 +++
`
	begin := time.Unix(1763700001, 0)
	calls, err := countCalls(strings.NewReader(trace), begin, begin.Add(time.Second))
	if err != nil || calls != 2 {
		t.Errorf("%d calls, %v; want 2", calls, err)
	}
	if _, err := countCalls(strings.NewReader("812 soon fsync(7) = 0\n"), begin, begin); err == nil {
		t.Error("a trace that cannot be read was read")
	}
}
