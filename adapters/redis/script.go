package redis

import (
	"context"
	"embed"

	goredis "github.com/redis/go-redis/v9"
)

//go:embed scripts/*.lua
var scripts embed.FS

// script is a program that the engine runs at one instant.
type script struct{ source, hash string }

func load(name string) script {
	source, err := scripts.ReadFile("scripts/" + name + ".lua")
	if err != nil {
		panic(err) // it is compiled in
	}
	return script{string(source), goredis.NewScript(string(source)).Hash()}
}

// run runs a script and answers its reply, nil where that is nil. All keys are in one slot.
func (s *Store) run(ctx context.Context, sc script, keys []string, args ...any) (any, error) {
	reply, err := s.eval(ctx, "evalsha", sc.hash, keys, args)
	if goredis.HasErrorPrefix(err, "NOSCRIPT") { // nothing has been done
		return s.eval(ctx, "eval", sc.source, keys, args)
	}
	return reply, err
}

// text runs a script whose reply is a text, "" where it is nil.
func (s *Store) text(ctx context.Context, sc script, keys []string, args ...any) (string, error) {
	reply, err := s.run(ctx, sc, keys, args...)
	text, _ := reply.(string)
	return text, err
}

func (s *Store) eval(ctx context.Context, command, sc string, keys []string, args []any) (any, error) {
	all := make([]any, 0, 3+len(keys)+len(args))
	all = append(all, command, sc, len(keys))
	for _, key := range keys {
		all = append(all, key)
	}
	cmd := goredis.NewCmd(ctx, append(all, args...)...)
	if err := s.do(ctx, cmd); err != nil {
		return nil, err
	}
	return cmd.Val(), nil
}
