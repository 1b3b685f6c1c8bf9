package config

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"strings"

	"github.com/caarlos0/env/v11"
)

// Error is a setting that cannot be used. It says so in one line, and shows no secret.
type Error struct {
	Name  string // the variable
	Got   string
	Takes string
}

// Error is the one line.
func (e *Error) Error() string { return fmt.Sprintf("%s: got %s; takes %s", e.Name, e.Got, e.Takes) }

// Environment is the variables of the process and those of the file .env in the working directory.
// The process wins. Variables that are set, but empty, are as if they were not.
func Environment() (map[string]string, error) {
	vars, err := dotEnv()
	if err != nil {
		return nil, err
	}
	for _, pair := range os.Environ() {
		if name, value, _ := strings.Cut(pair, "="); value != "" {
			vars[name] = value
		}
	}
	return vars, nil
}

// Parse makes a Config of variables. What is wrong is an *Error, about the first variable that is.
func Parse(vars map[string]string) (Config, error) {
	given := maps.Clone(vars)
	maps.DeleteFunc(given, func(name, value string) bool { return name == "" || value == "" }) // a line may begin with "="
	var cfg Config
	if err := env.ParseWithOptions(&cfg, env.Options{Environment: given}); err != nil {
		return Config{}, explain(err, given)
	}
	return cfg, cfg.complete()
}

// explain says of the library's first error which variable it is about.
func explain(err error, given map[string]string) error {
	wrong, ok := errors.AsType[env.ParseError](err)
	if !ok {
		return err
	}
	field, ok := reflect.TypeFor[Config]().FieldByName(wrong.Name)
	if !ok {
		return err
	}
	name := field.Tag.Get("env")
	return &Error{Name: name, Got: got(field, given[name]), Takes: field.Tag.Get("takes")}
}

// got shows a wrong value; of one that may hold a secret only its length, and of a URL no query: keys are put there. An
// address of Cloudinary's holds a secret even where its cloud was forgotten.
func got(field reflect.StructField, value string) string {
	if field.Tag.Get("secret") != "" || hidePassword(value) != value || strings.HasPrefix(value, "cloudinary:") {
		return fmt.Sprintf("a value of %d bytes", len(value))
	}
	if query := strings.IndexAny(value, "?#"); query >= 0 {
		value = value[:query+1] + "…"
	}
	return fmt.Sprintf("%q", value)
}

// Wrong is the Error about a setting of which it turned out later, in use, that it cannot be used.
func Wrong(name, value string, cause error) *Error {
	shown := fmt.Sprintf("%q", value)
	if cause != nil {
		shown += " (" + cause.Error() + ")"
	}
	return &Error{Name: name, Got: shown, Takes: takes(name)}
}

func takes(name string) string {
	if strings.HasPrefix(name, "--") { // a flag that names a store
		name = "USER_STORE"
	}
	for _, s := range Settings() {
		if s.Name == name {
			return s.Takes
		}
	}
	return ""
}
