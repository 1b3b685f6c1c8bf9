package images

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"time"

	"github.com/cloudinary/cloudinary-go/v2/api"
	"github.com/cloudinary/cloudinary-go/v2/api/uploader"
	"github.com/cloudinary/cloudinary-go/v2/config"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

const (
	// cloudinaryFolder is in front of the public ids of all pictures that are ours.
	cloudinaryFolder = "latchkey/"
	// cloudinaryTimeout bounds a call, whatever its context allows.
	cloudinaryTimeout = 30 * time.Second
	// maxAnswerBytes is far more than an answer has.
	maxAnswerBytes = 1 << 20
)

// CloudinaryConfig says where an account at Cloudinary is.
type CloudinaryConfig struct {
	Cloud  string
	Key    string
	Secret domain.Secret
	// UploadPrefix is the address of the upload API; Cloudinary's own where empty.
	UploadPrefix string
}

// Cloudinary keeps pictures at Cloudinary, which serves them.
type Cloudinary struct {
	api  *uploader.API // behind a pointer, so that printing the store does not show the secret
	ours *regexp.Regexp
	decoder
}

var _ ports.ImageStore = (*Cloudinary)(nil)

// NewCloudinary builds a store; it calls nobody.
func NewCloudinary(c CloudinaryConfig) (*Cloudinary, error) {
	if c.Cloud == "" || c.Key == "" || c.Secret.IsZero() {
		return nil, errors.New("cloudinary: the name of the cloud, the API key and the API secret are all needed")
	}
	settings, err := config.NewFromParams(c.Cloud, c.Key, c.Secret.Reveal())
	if err != nil {
		return nil, fmt.Errorf("cloudinary: %w", err)
	}
	if c.UploadPrefix != "" {
		settings.API.UploadPrefix = c.UploadPrefix
	}
	client, err := uploader.NewWithConfiguration(settings)
	if err != nil {
		return nil, fmt.Errorf("cloudinary: %w", err)
	}
	client.Client = http.Client{Timeout: cloudinaryTimeout, Transport: objects{http.DefaultTransport}}
	return &Cloudinary{client, ourAddresses(c.Cloud), newDecoder()}, nil
}

// ourAddresses takes the addresses of pictures that Put uploaded to this cloud, with the public id as its group. Others
// in the same cloud are left alone: users of an older back end may all show one and the same default picture.
func ourAddresses(cloud string) *regexp.Regexp {
	cloud = regexp.QuoteMeta(cloud)
	return regexp.MustCompile(`^https://(?:[^/?#@]+/` + cloud + `|` + cloud + `-res\.cloudinary\.com)/image/upload/(?:v[0-9]+/)?` +
		`(` + cloudinaryFolder + nameForm + `)\.(?:gif|jpg|png)$`)
}

// publicID is the public id behind a reference, "" where it is none of ours.
func (c *Cloudinary) publicID(ref string) string {
	if found := c.ours.FindStringSubmatch(ref); found != nil {
		return found[1]
	}
	return ""
}

// Put implements ports.ImageStore.
func (c *Cloudinary) Put(ctx context.Context, field string, data []byte) (ref string, err error) {
	p, err := c.picture(ctx, field, data)
	if err != nil {
		return "", err
	}
	id := cloudinaryFolder + newName()
	if ref, err = c.upload(ctx, id, p); err != nil {
		c.undo(id)
		return "", ports.Unavailable(err)
	}
	return ref, nil
}

func (c *Cloudinary) upload(ctx context.Context, id string, p picture) (ref string, err error) {
	result, err := c.api.Upload(ctx, bytes.NewReader(p.data), uploader.UploadParams{PublicID: id, Overwrite: api.Bool(false)})
	if err == nil {
		err = refusal(result.Error)
	}
	if err != nil {
		return "", fmt.Errorf("cloudinary: %w", err)
	}
	if c.publicID(result.SecureURL) != id {
		return "", errors.New("cloudinary: the answer has no address of this cloud")
	}
	return result.SecureURL, nil
}

// undo removes a picture that may have arrived although no good answer came. It goes on when the caller's time is over,
// and nobody waits for it: should it fail too, the picture stays at an address that nobody knows.
func (c *Cloudinary) undo(id string) {
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), cloudinaryTimeout)
		defer cancel()
		_ = c.destroy(ctx, id)
	}()
}

// Delete implements ports.ImageStore. For references that are none of ours, nobody is called.
func (c *Cloudinary) Delete(ctx context.Context, ref string) error {
	if ctx.Err() != nil {
		return ports.Unavailable(ctx.Err())
	}
	id := c.publicID(ref)
	if id == "" {
		return nil
	}
	if err := c.destroy(ctx, id); err != nil {
		return ports.Unavailable(err)
	}
	return nil
}

// destroy removes the picture from the caches too.
func (c *Cloudinary) destroy(ctx context.Context, id string) error {
	result, err := c.api.Destroy(ctx, uploader.DestroyParams{PublicID: id, Invalidate: api.Bool(true)})
	if err == nil {
		err = refusal(result.Error)
	}
	if err != nil {
		return fmt.Errorf("cloudinary: %w", err)
	}
	if result.Result != "ok" && result.Result != "not found" {
		return fmt.Errorf("cloudinary: destroy answered %q", result.Result)
	}
	return nil
}

// refusal is the error in an answer: the SDK takes an answer that refuses for a result.
func refusal(e api.ErrorResp) error {
	if e.Message == "" {
		return nil
	}
	return errors.New(e.Message)
}

// objects lets only JSON objects through, since the SDK panics on "null", and of an answer no more than is sane, since
// the SDK reads all of it.
type objects struct{ http.RoundTripper }

func (o objects) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := o.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswerBytes))
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return nil, err
	}
	if !bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) {
		return nil, fmt.Errorf("the answer with status %d is no JSON object", resp.StatusCode)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}
