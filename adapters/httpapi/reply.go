package httpapi

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

// reply is a success: what an endpoint answers.
type reply struct {
	status  int // 200 where not given
	message string
	data    any
}

// envelope is the shape of a success.
type envelope struct {
	StatusCode int    `json:"statusCode"`
	Success    bool   `json:"success"`
	Message    string `json:"message"`
	Data       any    `json:"data"`
}

func (a reply) write(c *gin.Context) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	if a.data == nil {
		a.data = struct{}{}
	}
	c.PureJSON(a.status, envelope{a.status, true, a.message, a.data})
}

// timestamp writes RFC 3339 in UTC with milliseconds, as JavaScript's toISOString does.
type timestamp time.Time

// IsZero reports whether there is no time to write.
func (t timestamp) IsZero() bool { return time.Time(t).IsZero() }

// MarshalText cuts what is less than a millisecond. Package time writes RFC 3339 several times as fast as a layout with
// milliseconds, which every answer with a user would notice.
func (t timestamp) MarshalText() ([]byte, error) {
	utc := time.Time(t).UTC()
	text := utc.AppendFormat(make([]byte, 0, len("2006-01-02T15:04:05.000Z")), time.RFC3339)
	ms := utc.Nanosecond() / int(time.Millisecond)
	return append(text[:len(text)-len("Z")], '.', byte('0'+ms/100), byte('0'+ms/10%10), byte('0'+ms%10), 'Z'), nil
}
