package images

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// bare is an error where a file that was made here holds anything but the picture: a piece that says nothing of it, or a
// byte behind its end. Each walk knows no more than the format's own encoder writes.
func bare(p picture) error {
	walks := map[string]func([]byte) ([]byte, error){".png": walkPNG, ".jpg": walkJPEG, ".gif": walkGIF}
	left, err := walks[p.extension](p.data)
	if err == nil && len(left) > 0 {
		err = fmt.Errorf("%d bytes stand behind the end", len(left))
	}
	return err
}

var errCutShort = errors.New("the file is cut short")

// cut divides data behind its first n bytes.
func cut(data []byte, n int) (head, rest []byte, err error) {
	if n > len(data) {
		return nil, nil, errCutShort
	}
	return data[:n], data[n:], nil
}

// walkPNG takes the critical chunks and transparency (PNG, section 11).
func walkPNG(data []byte) ([]byte, error) {
	head, data, err := cut(data, 8)
	if err != nil || string(head) != "\x89PNG\r\n\x1a\n" {
		return nil, fmt.Errorf("begins with %q: %w", head, err)
	}
	for {
		if head, data, err = cut(data, 8); err != nil {
			return nil, err
		}
		kind := string(head[4:])
		if !slices.Contains([]string{"IHDR", "PLTE", "tRNS", "IDAT", "IEND"}, kind) {
			return nil, fmt.Errorf("chunk %q", kind)
		}
		if _, data, err = cut(data, int(binary.BigEndian.Uint32(head))+4); err != nil || kind == "IEND" {
			return data, err
		}
	}
}

// walkJPEG takes the tables, the frame and one scan (ITU-T T.81, annex B), and no application's segment nor comment.
func walkJPEG(data []byte) ([]byte, error) {
	head, data, err := cut(data, 2)
	if err != nil || string(head) != "\xFF\xD8" {
		return nil, fmt.Errorf("begins with %q: %w", head, err)
	}
	for {
		if head, data, err = cut(data, 4); err != nil {
			return nil, err
		}
		if head[0] != 0xFF || !slices.Contains([]byte{0xDB, 0xC0, 0xC4, 0xDA}, head[1]) {
			return nil, fmt.Errorf("segment %x", head[:2])
		}
		if _, data, err = cut(data, int(binary.BigEndian.Uint16(head[2:]))-2); err != nil {
			return nil, err
		}
		if head[1] == 0xDA {
			break
		}
	}
	for i := 0; i+1 < len(data); i++ {
		if data[i] == 0xFF && data[i+1] != 0 {
			if data[i+1] != 0xD9 {
				return nil, fmt.Errorf("marker %x in the scan", data[i+1])
			}
			return data[i+2:], nil
		}
	}
	return nil, errCutShort
}

// walkGIF takes the frames, how each is shown, and how often all are (GIF89a, sections 17 to 27).
func walkGIF(data []byte) ([]byte, error) {
	head, data, err := cut(data, 13)
	if err != nil || string(head[:6]) != "GIF89a" {
		return nil, fmt.Errorf("begins with %q: %w", head, err)
	}
	if _, data, err = cut(data, colorTableBytes(head[10])); err != nil {
		return nil, err
	}
	for {
		if head, data, err = cut(data, 1); err != nil || head[0] == 0x3B {
			return data, err
		}
		if head[0] == 0x2C {
			if head, data, err = cut(data, 9); err != nil {
				return nil, err
			}
			if _, data, err = cut(data, colorTableBytes(head[8])+1); err != nil {
				return nil, err
			}
		} else if !bytes.HasPrefix(data, []byte("\xF9\x04")) && !bytes.HasPrefix(data, []byte("\xFF\x0BNETSCAPE2.0\x03\x01")) {
			return nil, fmt.Errorf("block %x %.12q", head, data)
		} else {
			data = data[1:]
		}
		for blocks := true; blocks; {
			if head, data, err = cut(data, 1); err != nil {
				return nil, err
			}
			blocks = head[0] > 0
			if _, data, err = cut(data, int(head[0])); err != nil {
				return nil, err
			}
		}
	}
}
