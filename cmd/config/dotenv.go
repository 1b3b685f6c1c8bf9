package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/joho/godotenv"
)

// dotEnv reads the file .env, if there is one. No error shows what is in it but for the name of a setting that was mistyped:
// it may hold secrets.
func dotEnv() (map[string]string, error) {
	text, err := os.ReadFile(".env")
	if errors.Is(err, os.ErrNotExist) {
		return map[string]string{}, nil
	}
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return nil, wrongEnv(fmt.Sprintf("a file that cannot be read (%v)", path.Err))
	}
	vars, err := godotenv.UnmarshalBytes(text)
	if err != nil {
		return nil, wrongEnv(fmt.Sprintf("something else in line %d", brokenLine(text)))
	}
	if wrong := surprise(text); wrong != "" {
		return nil, wrongEnv(wrong)
	}
	if wrong := mistyped(vars); len(wrong) > 0 {
		return nil, &Error{Name: ".env", Got: wrong[0].String(), Takes: `the settings that "latchkey config" lists`}
	}
	return vars, nil
}

func wrongEnv(got string) error {
	return &Error{Name: ".env", Got: got, Takes: "lines of the form NAME=value"}
}

// brokenLine is the line, counted from 1, after the longest beginning that can be read: the library does not say where it
// gave up.
func brokenLine(text []byte) int {
	lines := bytes.SplitAfter(text, []byte("\n"))
	for n := len(lines) - 1; n > 0; n-- {
		if _, err := godotenv.UnmarshalBytes(bytes.Join(lines[:n], nil)); err == nil {
			return n + 1
		}
	}
	return 1
}
