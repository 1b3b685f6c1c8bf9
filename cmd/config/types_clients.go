package config

import (
	"regexp"
	"strings"

	"github.com/latchkey-auth/latchkey/domain"
)

// Clients is the confidential clients (RFC 6749, section 2.1).
type Clients domain.ConfidentialClients

// clientText is an id and a secret of characters that no encoding changes: programs differ in whether they encode what
// they send (RFC 6749, section 2.3.1, says yes), and so it makes no difference.
var clientText = regexp.MustCompile(`^[A-Za-z0-9._~-]+:[A-Za-z0-9._~-]{32,}$`)

// UnmarshalText takes clients separated by commas.
func (c *Clients) UnmarshalText(text []byte) error {
	for _, item := range list(text) {
		if !clientText.MatchString(item) {
			return errWrong
		}
		id, secret, _ := strings.Cut(item, ":")
		*c = append(*c, domain.ClientCredentials{ID: id, Secret: domain.NewSecret(secret)})
	}
	return orWrong(len(*c) > 0)
}
