package browser_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// shows waits until the picture that a field chooses can be seen, from an address that starts so.
func (p *tab) shows(label, address string) {
	p.t.Helper()
	p.until("see the picture of "+label, fmt.Sprintf(`(() => {
		const image = %s.labels[0].querySelector('img')
		return image.checkVisibility() && image.naturalWidth > 0 && image.getAttribute('src').startsWith(%s)
	})()`, p.field(label), quote(address)))
}

func TestAPictureThatIsNoneIsRefusedAndTheOldOneStays(t *testing.T) {
	h := newHouse(t)
	h.ada(t)
	ada := newTab(t, h)
	ada.expects(refused)
	ada.signIn()
	ada.choose("Change your photo", face(t))
	ada.shows("Change your photo", "/images/")
	poem := filepath.Join(t.TempDir(), "poem.png")
	must(t, os.WriteFile(poem, []byte("She walks in beauty, like the night"), 0o600))
	ada.choose("Change your photo", poem)
	ada.blames("Change your photo", "The picture")
	ada.shows("Change your photo", "/images/")
}
