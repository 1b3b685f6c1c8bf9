package redis

import (
	"context"
	"fmt"
	"log/slog"

	goredis "github.com/redis/go-redis/v9"
)

// LogTo has the driver, which otherwise prints lines of its own, write to a log, at the level of debugging: what goes
// wrong is an error of a call as well. It holds for the whole process; call it before Connect.
func LogTo(log *slog.Logger) { goredis.SetLogger(driverLog{log}) }

type driverLog struct{ log *slog.Logger }

func (d driverLog) Printf(ctx context.Context, format string, values ...any) {
	d.log.LogAttrs(ctx, slog.LevelDebug, "redis driver", slog.String("said", fmt.Sprintf(format, values...)))
}
