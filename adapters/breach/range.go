// Package breach looks passwords up among those that leaked, without telling anybody the password.
package breach

import (
	"bufio"
	"context"
	"crypto/sha1"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

const (
	// timeout is how long somebody who chooses a password waits for the answer.
	timeout = 500 * time.Millisecond
	// maxAnswerBytes is far more than the thousand lines or so that an answer has.
	maxAnswerBytes = 256 << 10

	prefixDigits = 5
	suffixDigits = 2*sha1.Size - prefixDigits
)

// Range asks a range API, such as that of Have I Been Pwned, by k-anonymity: it sends the first five digits of a SHA-1,
// which a thousand leaked passwords share, and looks for the other digits in the answer.
type Range struct {
	base *url.URL
	// transport asks once, and follows no redirect: who may be asked is the operator's choice, and no server's. Unlike a
	// client, it does not quote, in its errors, where it was asked or sent.
	transport http.RoundTripper
	log       *slog.Logger
}

var _ ports.BreachedPasswords = (*Range)(nil)

// NewRange builds a Range for the API at base, below which each prefix has a path. It calls nobody.
func NewRange(base *url.URL, log *slog.Logger) *Range {
	return &Range{base, http.DefaultTransport, log}
}

// Contains implements ports.BreachedPasswords.
func (r *Range) Contains(ctx context.Context, password domain.Password) bool {
	found, err := r.lookUp(ctx, password)
	if err != nil && ctx.Err() == nil { // else it is the client who left
		r.log.LogAttrs(ctx, slog.LevelWarn, "a new password was not looked up among those that leaked", slog.String("error", err.Error()))
	}
	return found
}

func (r *Range) lookUp(ctx context.Context, password domain.Password) (found bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	digest := fmt.Sprintf("%X", sha1.Sum([]byte(password.Reveal()))) // by which such services name passwords
	answer, err := r.ask(ctx, digest[:prefixDigits])
	if err != nil {
		return false, err
	}
	defer answer.Close()
	return contains(answer, digest[prefixDigits:])
}

// ask requests the suffixes of a prefix. Its errors do not show the prefix.
func (r *Range) ask(ctx context.Context, prefix string) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.base.JoinPath(prefix).String(), nil)
	if err != nil {
		return nil, errors.New("the address cannot be asked")
	}
	req.Header.Set("Add-Padding", "true") // else the length of the answer tells who watches which prefix it was
	req.Header.Set("User-Agent", "latchkey")
	resp, err := r.transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		_ = resp.Body.Close()
		return nil, fmt.Errorf("the answer has the status %d", resp.StatusCode)
	}
	return resp.Body, nil
}

// contains looks for a suffix in lines of the form SUFFIX:COUNT. A count of 0 is padding.
func contains(answer io.Reader, suffix string) (bool, error) {
	bounded := &io.LimitedReader{R: answer, N: maxAnswerBytes}
	lines := bufio.NewScanner(bounded)
	n := 0
	for ; lines.Scan(); n++ {
		listed, counted, _ := strings.Cut(lines.Text(), ":")
		count, err := strconv.ParseUint(counted, 10, 64)
		if err != nil || len(listed) != suffixDigits {
			return false, fmt.Errorf("line %d of the answer is not of the form SUFFIX:COUNT", n+1)
		}
		if count > 0 && strings.EqualFold(listed, suffix) {
			return true, nil
		}
	}
	switch {
	case lines.Err() != nil:
		return false, lines.Err()
	case bounded.N == 0:
		return false, errors.New("the answer is too long")
	case n == 0:
		return false, errors.New("the answer is empty")
	}
	return false, nil
}
