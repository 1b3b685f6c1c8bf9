package compose_test

import "encoding/json"

// maxImage bounds our image, unpacked, in bytes.
const maxImage = 30e6

// expectSmallImage looks at what the containers are made of.
func (d *deployment) expectSmallImage() {
	d.t.Helper()
	var images []struct{ Size int64 }
	if err := json.Unmarshal([]byte(d.compose("images", "--format", "json", "latchkey-1")), &images); err != nil || len(images) != 1 {
		d.t.Fatalf("the images of latchkey-1 are %v (%v), want one", images, err)
	}
	if size := images[0].Size; size <= 0 || size >= maxImage {
		d.t.Errorf("the image has %d bytes, want less than %.0f", size, maxImage)
	}
}
