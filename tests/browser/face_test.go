package browser_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// face is the file of a portrait: a head and shoulders before a wall.
func face(t *testing.T) (file string) {
	t.Helper()
	const size = 240
	portrait := image.NewRGBA(image.Rect(0, 0, size, size))
	for y := range size {
		for x := range size {
			portrait.Set(x, y, faceAt(float64(x)/size, float64(y)/size))
		}
	}
	var encoded bytes.Buffer
	must(t, png.Encode(&encoded, portrait))
	file = filepath.Join(t.TempDir(), "face.png")
	must(t, os.WriteFile(file, encoded.Bytes(), 0o600))
	return file
}

// faceAt is the colour of the portrait at a point of the unit square.
func faceAt(x, y float64) color.Color {
	wall, hair, skin, coat := [3]float64{233, 205, 150}, [3]float64{70, 45, 40}, [3]float64{236, 188, 160}, [3]float64{29, 92, 75}
	c := wall
	c = over(c, hair, ellipse(x, y, 0.5, 0.40, 0.235, 0.27))
	c = over(c, coat, ellipse(x, y, 0.5, 1.00, 0.40, 0.33))
	c = over(c, skin, ellipse(x, y, 0.5, 0.66, 0.075, 0.11))
	c = over(c, skin, ellipse(x, y, 0.5, 0.44, 0.155, 0.20))
	c = over(c, hair, ellipse(x, y, 0.5, 0.27, 0.17, 0.085))
	return color.RGBA{uint8(c[0]), uint8(c[1]), uint8(c[2]), 255}
}

// ellipse is how much of a point an ellipse covers, with a soft edge.
func ellipse(x, y, atX, atY, width, height float64) float64 {
	outside := math.Hypot((x-atX)/width, (y-atY)/height) - 1
	return min(max(0.5-outside*40, 0), 1)
}

// over lays a colour over another, as far as it covers it.
func over(below, above [3]float64, cover float64) (mixed [3]float64) {
	for i := range mixed {
		mixed[i] = below[i]*(1-cover) + above[i]*cover
	}
	return mixed
}
