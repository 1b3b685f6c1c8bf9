// Package attack_test tries the attacks that services of this kind are known to suffer. Each is a case with a name, whose
// comment says what would be lost. None gets in, none costs the one attacked anything, and none is answered with a 5xx.
package attack_test

import (
	"testing"

	"github.com/latchkey-auth/latchkey/tests/engines"
)

func TestMain(m *testing.M) { engines.Main(m) }
