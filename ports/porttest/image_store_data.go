package porttest

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
)

// The picture of these tests: four quarters, so that it can be told how it is turned.
var (
	imageRed    = color.RGBA{255, 0, 0, 255}
	imageGreen  = color.RGBA{0, 255, 0, 255}
	imageYellow = color.RGBA{255, 255, 0, 255}
	imageBlack  = color.RGBA{0, 0, 0, 255}

	imageUpright = imageQuarters{imageRed, imageGreen, imageYellow, imageBlack}
)

// imageQuarters are the colors at the top left, the top right, the bottom left and the bottom right.
type imageQuarters [4]color.RGBA

func (q imageQuarters) draw(width, height int) *image.Paletted {
	img := image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{q[0], q[1], q[2], q[3]})
	for y := range height {
		for x := range width {
			img.SetColorIndex(x, y, uint8(2*(2*y/height)+2*x/width))
		}
	}
	return img
}

// imageFile is a picture as a client sends it.
type imageFile struct {
	name string
	data []byte
}

func imageMust(err error) {
	if err != nil {
		panic(err) // encoding to memory
	}
}

func imagePNG(img image.Image) []byte {
	var out bytes.Buffer
	imageMust(png.Encode(&out, img))
	return out.Bytes()
}

func imageJPEG(img image.Image) []byte {
	var out bytes.Buffer
	imageMust(jpeg.Encode(&out, img, nil))
	return out.Bytes()
}

func imageGIF(frames ...*image.Paletted) []byte {
	var out bytes.Buffer
	imageMust(gif.EncodeAll(&out, &gif.GIF{Image: frames, Delay: make([]int, len(frames))}))
	return out.Bytes()
}

// imageWebP draws the quarters losslessly, by the shortest way through the format: no transforms, and prefix codes of
// one or two symbols, so that each pixel is a bit of green and a bit of red (RFC 9649, section 3).
func imageWebP(width, height int) []byte {
	var bits imageBits
	imageWebPHeader(&bits, width, height)
	bits.put(0, 3) // no transform, no color cache, one set of prefix codes
	for range 2 {  // green and red: simple, two symbols, the first of 1 bit and the second of 8
		bits.put(0b011, 3)
		bits.put(0, 1)
		bits.put(255, 8)
	}
	for _, symbol := range []uint{0, 255, 0} { // blue, alpha and distance: simple, one symbol of 8 bits
		bits.put(0b101, 3)
		bits.put(symbol, 8)
	}
	img := imageUpright.draw(width, height)
	for y := range height {
		for x := range width {
			c := imageUpright[img.ColorIndexAt(x, y)]
			bits.put(uint(c.G&1), 1)
			bits.put(uint(c.R&1), 1)
		}
	}
	return imageRIFF(imageChunk("VP8L", bits.bytes))
}

func imageWebPHeader(bits *imageBits, width, height int) {
	bits.put(0x2F, 8)
	bits.put(uint(width-1), 14)
	bits.put(uint(height-1), 14)
	bits.put(0, 4) // opaque, version 0
}

// imageBits are packed from the lowest bit on.
type imageBits struct {
	bytes []byte
	used  int
}

func (b *imageBits) put(value uint, n int) {
	for i := range n {
		if b.used%8 == 0 {
			b.bytes = append(b.bytes, 0)
		}
		b.bytes[len(b.bytes)-1] |= byte(value>>i&1) << (b.used % 8)
		b.used++
	}
}

func imageChunk(id string, data []byte) []byte {
	chunk := append([]byte(id), binary.LittleEndian.AppendUint32(nil, uint32(len(data)))...)
	chunk = append(chunk, data...)
	if len(data)%2 == 1 {
		chunk = append(chunk, 0)
	}
	return chunk
}

func imageRIFF(chunks ...[]byte) []byte {
	return imageChunk("RIFF", append([]byte("WEBP"), bytes.Join(chunks, nil)...))
}

// imagePNGChunk is a chunk with its checksum.
func imagePNGChunk(id string, data []byte) []byte {
	body := append([]byte(id), data...)
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	return binary.BigEndian.AppendUint32(append(chunk, body...), crc32.ChecksumIEEE(body))
}

// imageEXIF is a segment that tells the orientation and carries a text.
func imageEXIF(orientation uint16, text string) []byte {
	const ifd, entries = 8, 2
	textAt := uint32(ifd + 2 + entries*12 + 4)
	b := binary.BigEndian
	tiff := append([]byte("MM\x00*"), b.AppendUint32(nil, ifd)...)
	tiff = b.AppendUint16(tiff, entries)
	tiff = append(tiff, "\x01\x0E\x00\x02"...) // ImageDescription, ASCII
	tiff = b.AppendUint32(tiff, uint32(len(text)))
	tiff = b.AppendUint32(tiff, textAt)
	tiff = append(tiff, "\x01\x12\x00\x03\x00\x00\x00\x01"...) // Orientation, one SHORT
	tiff = b.AppendUint16(tiff, orientation)
	tiff = append(tiff, 0, 0, 0, 0, 0, 0) // the rest of the value, and no further directory
	return imageSegment(0xE1, "Exif\x00\x00"+string(tiff)+text)
}

// imageSegment is a segment of a JPEG.
func imageSegment(marker byte, data string) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xFF, marker}, uint16(len(data)+2)), data...)
}

// imageWith puts more into a file, at some place.
func imageWith(data []byte, at int, more ...[]byte) []byte {
	return bytes.Join([][]byte{data[:at], bytes.Join(more, nil), data[at:]}, nil)
}

// imageFiles are the picture in every format.
func imageFiles(width, height int) []imageFile {
	img := imageUpright.draw(width, height)
	return []imageFile{
		{"PNG", imagePNG(img)}, {"JPEG", imageJPEG(img)}, {"GIF", imageGIF(img)}, {"WebP", imageWebP(width, height)},
	}
}

// imageMarker is what must not survive: a script for a browser that takes the file for a page, and where it was taken.
const imageMarker = "<html><script>alert(document.domain)</script> 52.5200N 13.4050E"

// imageLadenFiles are the picture in every format, with the marker wherever the format lets it stand, and behind the end.
func imageLadenFiles(width, height int) []imageFile {
	img, text := imageUpright.draw(width, height), []byte(imageMarker)
	trailing := append([]byte("PK\x03\x04"), text...)
	pngFile, jpegFile, gifFile, webpFile := imagePNG(img), imageJPEG(img), imageGIF(img), imageWebP(width, height)
	const pngHeader, jpegHeader, riffHeader = 33, 2, 12
	comment := bytes.Join([][]byte{{0x21, 0xFE, byte(len(text))}, text, {0}}, nil)
	return []imageFile{
		{"PNG", append(imageWith(pngFile, pngHeader,
			imagePNGChunk("tEXt", append([]byte("Comment\x00"), text...)), imagePNGChunk("eXIf", text)), trailing...)},
		{"JPEG", append(imageWith(jpegFile, jpegHeader,
			imageEXIF(1, imageMarker), imageSegment(0xFE, imageMarker), imageSegment(0xED, imageMarker)), trailing...)},
		{"GIF", append(imageWith(gifFile, len(gifFile)-1, comment), trailing...)},
		{"WebP", append(imageRIFF(webpFile[riffHeader:], imageChunk("EXIF", text), imageChunk("XMP ", text)), trailing...)},
	}
}

// imageBombs are small files that would fill the memory of any machine.
func imageBombs() []imageFile {
	side := binary.BigEndian.AppendUint32(nil, 60_000)
	ihdr := bytes.Join([][]byte{side, side, {8, 6, 0, 0, 0}}, nil)
	sof := "\x08\xFF\xFF\xFF\xFF\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"
	screen := "GIF89a\xFF\xFF\xFF\xFF\x80\x00\x00" + "\x00\x00\x00\xFF\xFF\xFF"
	frame := "\x2C\x00\x00\x00\x00\xFF\xFF\xFF\xFF\x00\x02\x02\x4C\x01\x00"
	var webp imageBits
	imageWebPHeader(&webp, 1<<14, 1<<14)
	return []imageFile{
		{"PNG", bytes.Join([][]byte{[]byte("\x89PNG\r\n\x1a\n"), imagePNGChunk("IHDR", ihdr), imagePNGChunk("IDAT", nil)}, nil)},
		{"JPEG", append([]byte("\xFF\xD8"), imageSegment(0xC0, sof)...)},
		{"GIF", []byte(screen + frame + "\x3B")},
		{"WebP", imageRIFF(imageChunk("VP8L", webp.bytes))},
		{"GIF of many frames", imageMovie(1000, 1000, 5000)},
	}
}

// imageMovie is a GIF that shows one empty frame over and over: each takes a few bytes here, and a megabyte in memory.
func imageMovie(width, height, frames int) []byte {
	one := imageGIF(image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{imageBlack, imageRed}))
	const header = 13 + 2*3
	frame := one[header : len(one)-1]
	return bytes.Join([][]byte{one[:header], bytes.Repeat(frame, frames), one[len(one)-1:]}, nil)
}

// imageNone are files that are no picture, whatever their beginning or their name says.
func imageNone() []imageFile {
	bmp := append([]byte("BM\x46\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00"), make([]byte, 64)...)
	return []imageFile{
		{"nothing", nil}, {"no bytes", []byte{}}, {"one byte", []byte{0xFF}}, {"text", []byte("avatar.png")},
		{"a page", []byte("<!doctype html><script>alert(1)</script>")},
		{"SVG", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`)},
		{"PDF", []byte("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")}, {"ZIP", []byte("PK\x03\x04\x14\x00")}, {"BMP", bmp},
		{"the signature of PNG", []byte("\x89PNG\r\n\x1a\n")}, {"the signature of JPEG", []byte("\xFF\xD8\xFF")},
		{"the signature of GIF", []byte("GIF89a")}, {"the signature of WebP", []byte("RIFF\xFF\xFF\xFF\xFFWEBPVP8L")},
		{"a page behind a signature", []byte("GIF89a=1;/*<script>alert(1)</script>*/")},
	}
}
