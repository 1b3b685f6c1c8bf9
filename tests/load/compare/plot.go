package compare

import (
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	_ "gonum.org/v1/plot/vg/vgsvg" // writes SVG
)

// stretch is what one point of the plot stands for.
const stretch = 100 * time.Millisecond

// drawn is the servers of the plot, in the order of the legend.
var drawn = []struct {
	server, name string
	color        color.Color
}{
	{"pocketbase", "PocketBase", color.RGBA{R: 0xb3, G: 0x59, A: 0xff}},
	{"gin-jwt", "gin-jwt", color.RGBA{R: 0x66, G: 0x66, B: 0x66, A: 0xff}},
	{"latchkey", "Latchkey", color.RGBA{G: 0x5f, B: 0xb8, A: 0xff}},
}

// plot draws the storms of the last round, and answers the path of the file.
func (b *bench) plot() (path string, err error) {
	p := plot.New()
	p.Title.Text = fmt.Sprintf("me and refresh, while %d clients sign in from second 0 on, one core", stormClients)
	p.X.Label.Text = "seconds"
	p.Y.Label.Text = "slowest answer in 0.1 s, ms"
	p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
	p.Legend.Top, p.Legend.Left = true, true // where it is calm
	p.Legend.Padding = vg.Points(2)
	p.Add(plotter.NewGrid())
	for _, each := range drawn {
		storm, ok := b.storms[each.server]
		if !ok {
			continue
		}
		var points plotter.XYs
		for _, m := range storm.moments(stretch) {
			points = append(points, plotter.XY{X: m.at, Y: m.worst})
		}
		if len(points) == 0 {
			continue
		}
		line, err := plotter.NewLine(points)
		if err != nil {
			return "", err
		}
		line.Color, line.Width = each.color, vg.Points(1.5)
		p.Add(line)
		p.Legend.Add(each.name, line)
	}
	p.Y.Min, p.Y.Max = min(p.Y.Min, 0.1), max(p.Y.Max, 10_000)
	if err := os.MkdirAll(b.Plot, 0o755); err != nil {
		return "", err
	}
	path = filepath.Join(b.Plot, "storm.svg")
	return path, p.Save(20*vg.Centimeter, 11*vg.Centimeter, path)
}
