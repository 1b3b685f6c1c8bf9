package images

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/latchkey-auth/latchkey/ports"
)

// diskPath is what references begin with: where Disk is to be served.
const diskPath = "/images/"

var (
	diskNameForm = regexp.MustCompile(`^` + nameForm + `\.(?:gif|jpg|png)$`)
	diskTempForm = regexp.MustCompile(`^` + nameForm + `\.(?:gif|jpg|png)\.tmp$`)
)

// tempAge is after how long an unfinished file is a leftover: another process may be writing younger ones.
const tempAge = time.Minute

// Disk keeps pictures as files in one folder, and serves them.
type Disk struct {
	root *os.Root // what is in it cannot lead out of it
	decoder
}

var _ ports.ImageStore = (*Disk)(nil)

// OpenDisk opens the folder, makes it where it is missing, and sweeps out what a crash left behind.
// A folder that cannot be written is an error.
func OpenDisk(dir string) (*Disk, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("image folder: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("image folder: %w", err)
	}
	d := &Disk{root, newDecoder()}
	if err := errors.Join(d.sweep(time.Now().Add(-tempAge)), d.probe()); err != nil {
		return nil, errors.Join(fmt.Errorf("image folder: %w", err), d.Close())
	}
	return d, nil
}

// Close lets the folder go.
func (d *Disk) Close() error { return d.root.Close() }

// sweep removes unfinished files that were last written before then.
func (d *Disk) sweep(before time.Time) error {
	entries, err := fs.ReadDir(d.root.FS(), ".")
	if err != nil {
		return err
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || !diskTempForm.MatchString(entry.Name()) || info.ModTime().After(before) {
			continue // errors: it went by itself
		}
		if err := d.remove(entry.Name()); err != nil {
			return err
		}
	}
	return nil
}

// probe tells at the start, not at the first picture, that nothing can be kept.
func (d *Disk) probe() error {
	name := newName() + ".png.tmp"
	f, err := d.create(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), d.remove(name))
}

func (d *Disk) create(name string) (*os.File, error) {
	return d.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
}

// Put implements ports.ImageStore.
func (d *Disk) Put(ctx context.Context, field string, data []byte) (ref string, err error) {
	p, err := d.picture(ctx, field, data)
	if err != nil {
		return "", err
	}
	name := newName() + p.extension
	if err := d.write(name, p.data); err != nil {
		return "", ports.Unavailable(errors.Join(err, d.remove(name+".tmp"), d.remove(name)))
	}
	return diskPath + name, nil
}

// write makes the file appear whole or not at all, and stay after a power cut.
func (d *Disk) write(name string, data []byte) error {
	f, err := d.create(name + ".tmp")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := d.root.Rename(name+".tmp", name); err != nil {
		return err
	}
	return d.sync()
}

// sync makes new and removed names durable.
func (d *Disk) sync() error {
	folder, err := d.root.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// remove takes a file that is not there for removed.
func (d *Disk) remove(name string) error {
	if err := d.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Delete implements ports.ImageStore. References that this store never gives out are left alone.
func (d *Disk) Delete(ctx context.Context, ref string) error {
	if ctx.Err() != nil {
		return ports.Unavailable(ctx.Err())
	}
	name, ok := diskName(ref)
	if !ok {
		return nil
	}
	if err := errors.Join(d.remove(name), d.sync()); err != nil {
		return ports.Unavailable(err)
	}
	return nil
}

// diskName is the file behind a reference of the only form that Put answers. So no reference leads anywhere else.
func diskName(ref string) (name string, ok bool) {
	name, ok = strings.CutPrefix(ref, diskPath)
	return name, ok && diskNameForm.MatchString(name)
}
