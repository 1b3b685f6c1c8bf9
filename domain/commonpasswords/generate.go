//go:build ignore

// Generate makes the list of common passwords from the npm package @zxcvbn-ts/language-common (MIT; its licence is kept
// beside the list), the dictionary of a maintained estimator of strength, which was drawn from leaked passwords. It needs
// npm. The same version gives the same list; for a newer one, change the version and the checksum, and run:
//
//	go generate ./domain
package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

const (
	source   = "@zxcvbn-ts/language-common@4.1.3"
	checksum = "bf3027c16c069d7877e25dc8751bc819e10e479afcc5ee1a323eb2ab73129ca9" // SHA-256 of the package
	folder   = "commonpasswords"
)

func main() {
	if err := generate(); err != nil {
		log.Fatal(err)
	}
}

func generate() error {
	files, err := download()
	if err != nil {
		return err
	}
	var passwords []string
	if err := json.Unmarshal(files["package/src/passwords.json"], &passwords); err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(filepath.Join(folder, "LICENSE"), files["package/LICENSE.txt"], 0o644),
		os.WriteFile(filepath.Join(folder, "list.gz"), pack(passwords), 0o644))
}

// pack folds the passwords, sorts them by their bytes, and compresses them, one a line.
func pack(passwords []string) []byte {
	for i, p := range passwords {
		passwords[i] = cases.Fold().String(norm.NFKC.String(p))
	}
	slices.Sort(passwords)
	passwords = slices.Compact(passwords)
	var packed bytes.Buffer
	w, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression) // into memory: cannot fail
	_, _ = w.Write([]byte(strings.Join(passwords, "\n") + "\n"))
	_ = w.Close()
	return packed.Bytes()
}

// download answers the files of the package.
func download() (map[string][]byte, error) {
	dir, err := os.MkdirTemp("", folder)
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	npm := exec.Command("npm", "pack", source, "--pack-destination", dir)
	npm.Stderr = os.Stderr
	if err := npm.Run(); err != nil {
		return nil, err
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil {
		return nil, err
	}
	if len(paths) != 1 {
		return nil, fmt.Errorf("npm left %v", paths)
	}
	archive, err := os.ReadFile(paths[0])
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(archive); hex.EncodeToString(sum[:]) != checksum {
		return nil, fmt.Errorf("%s has the checksum %x", source, sum)
	}
	return unpack(archive)
}

func unpack(archive []byte) (map[string][]byte, error) {
	zipped, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for r := tar.NewReader(zipped); ; {
		header, err := r.Next()
		if err == io.EOF {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		if files[header.Name], err = io.ReadAll(r); err != nil {
			return nil, err
		}
	}
}
