package wiring

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/latchkey-auth/latchkey/adapters/images"
	"github.com/latchkey-auth/latchkey/adapters/jwt"
	"github.com/latchkey-auth/latchkey/adapters/ownership"
	"github.com/latchkey-auth/latchkey/cmd/config"
	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// openTokens takes the keys and secrets of the settings, and those of DATA_DIR where none are given.
// What it has to make at the first start, it says in one line.
func openTokens(cfg config.Config, log *slog.Logger) (*jwt.Tokens, *jwt.Keyring, error) {
	secrets, madeSecret, err := openRefreshSecrets(cfg, log)
	if err != nil {
		return nil, nil, dataDirError(cfg, err)
	}
	keys, madeKey, err := openKeyring(cfg)
	if err != nil {
		return nil, nil, dataDirError(cfg, err)
	}
	if madeSecret || madeKey {
		log.Info("first start: made the secrets that no setting gives", "folder", cfg.DataDir, "refresh_token_secret", madeSecret, "signing_key", madeKey)
	}
	return jwt.New(jwt.Config{
		Issuer:         cfg.PublicURL.String(),
		Audience:       cfg.AccessTokenAudience,
		AccessTTL:      time.Duration(cfg.AccessTokenExpiry),
		AccessKeys:     keys,
		RefreshSecrets: secrets,
	}), keys, nil
}

// openRefreshSecrets takes the setting, else the secret in DATA_DIR. It warns of a setting that leaves out the secret which
// has signed so far: everybody would have to sign in again, and hardly anybody means that.
func openRefreshSecrets(cfg config.Config, log *slog.Logger) (secrets []domain.Secret, made bool, err error) {
	path := filepath.Join(cfg.DataDir, "refresh_token_secret")
	if len(cfg.RefreshTokenSecret) == 0 {
		secret, made, err := jwt.OpenSecret(path)
		if made {
			ownership.GiveNamed(path)
		}
		return []domain.Secret{secret}, made, err
	}
	stored, err := os.ReadFile(path)
	if err == nil && !slices.ContainsFunc(cfg.RefreshTokenSecret, domain.NewSecret(strings.TrimSpace(string(stored))).Equal) {
		log.Warn("REFRESH_TOKEN_SECRET leaves out the secret in DATA_DIR: what that signed is refused", "file", path)
	}
	return cfg.RefreshTokenSecret, false, nil
}

func openKeyring(cfg config.Config) (*jwt.Keyring, bool, error) {
	if secret := cfg.AccessTokenSecret.Secret; !secret.IsZero() {
		return jwt.HMACKeyring(secret), false, nil
	}
	if err := ownership.MkdirAll(cfg.KeyDir()); err != nil {
		return nil, false, err
	}
	keys, made, err := jwt.OpenKeyring(cfg.KeyDir())
	if made {
		paths, _ := filepath.Glob(filepath.Join(cfg.KeyDir(), "*")) // fails on bad patterns alone
		ownership.GiveNamed(paths...)
	}
	return keys, made, err
}

// openImages opens the store of images, and says what serves them: nothing, where Cloudinary does.
func openImages(cfg config.Config) (ports.ImageStore, http.Handler, error) {
	if u := cfg.ImageStore.Cloudinary; u != nil {
		secret, _ := u.User.Password()
		store, err := images.NewCloudinary(images.CloudinaryConfig{
			Cloud: u.Host, Key: u.User.Username(), Secret: domain.NewSecret(secret),
			UploadPrefix: u.Query().Get("upload_prefix"), // as in CLOUDINARY_URL, for accounts outside of the US
		})
		return store, nil, err
	}
	var disk *images.Disk
	err := ownership.MkdirAll(cfg.ImageStore.Dir)
	if err == nil {
		disk, err = images.OpenDisk(cfg.ImageStore.Dir)
	}
	switch {
	case err != nil && cfg.ImageStore.Dir == filepath.Join(cfg.DataDir, "images"):
		return nil, nil, dataDirError(cfg, err)
	case err != nil:
		return nil, nil, config.Wrong("IMAGE_STORE", cfg.ImageStore.String(), cause(err))
	}
	return disk, disk, nil
}

// dataDirError names the file that is to blame, where it is not the folder itself.
func dataDirError(cfg config.Config, err error) error {
	why := cause(err)
	if wrapped, ok := errors.AsType[*fs.PathError](err); ok && wrapped.Path != cfg.DataDir {
		why = fmt.Errorf("%s: %w", wrapped.Path, wrapped.Err)
	}
	return config.Wrong("DATA_DIR", cfg.DataDir, why)
}

// cause is what the system said, without the path that its caller knows.
func cause(err error) error {
	if wrapped, ok := errors.AsType[*fs.PathError](err); ok {
		return wrapped.Err
	}
	return err
}
