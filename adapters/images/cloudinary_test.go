package images

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
	"github.com/latchkey-auth/latchkey/ports/porttest"
)

const (
	testCloud  = "demo-cloud"
	testKey    = "874837483274837"
	testSecret = "a676b67565c6767a6767d6767f676fe1"
)

// cloud answers as Cloudinary's upload API does: it checks the signature of each call, and keeps what is uploaded.
type cloud struct {
	*httptest.Server
	t *testing.T

	mu        sync.Mutex
	pictures  map[string][]byte // by public id
	calls     []string
	destroyed chan string
	// answer, where set, is what it says instead, after it has done what it was asked.
	answer http.HandlerFunc
}

func newCloud(t *testing.T) *cloud {
	c := &cloud{t: t, pictures: map[string][]byte{}, destroyed: make(chan string, 1000)}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1_1/"+testCloud+"/auto/upload", c.upload)
	mux.HandleFunc("POST /v1_1/"+testCloud+"/image/destroy", c.destroy)
	c.Server = httptest.NewServer(mux)
	t.Cleanup(c.Close)
	return c
}

func (c *cloud) store(t *testing.T) *Cloudinary {
	t.Helper()
	store, err := NewCloudinary(CloudinaryConfig{Cloud: testCloud, Key: testKey, Secret: domain.NewSecret(testSecret), UploadPrefix: c.URL})
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// signed checks the form's signature: SHA-1 of the other fields, sorted, and of the secret.
func (c *cloud) signed(w http.ResponseWriter, r *http.Request) bool {
	if r.Header.Get("Content-Type") == "" { // the SDK leaves it out, and Cloudinary does not mind
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if err := r.ParseMultipartForm(64 << 20); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		c.t.Errorf("form: %v", err)
	}
	var fields []string
	for name, values := range r.Form {
		if !slices.Contains([]string{"file", "cloud_name", "resource_type", "api_key", "signature"}, name) {
			fields = append(fields, name+"="+strings.ReplaceAll(values[0], "&", "%26"))
		}
	}
	slices.Sort(fields)
	sum := sha1.Sum([]byte(strings.Join(fields, "&") + testSecret))
	if r.FormValue("signature") != hex.EncodeToString(sum[:]) || r.FormValue("api_key") != testKey {
		refuse(w, http.StatusUnauthorized, "Invalid Signature")
		return false
	}
	return true
}

func refuse(w http.ResponseWriter, status int, message string) {
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]string{"message": message}})
}

func (c *cloud) upload(w http.ResponseWriter, r *http.Request) {
	if !c.signed(w, r) {
		return
	}
	file, _, err := r.FormFile("file")
	if err != nil {
		c.t.Errorf("file: %v", err)
		return
	}
	data, err := io.ReadAll(file)
	if err != nil {
		c.t.Errorf("file: %v", err)
	}
	id := r.FormValue("public_id")
	c.mu.Lock()
	c.calls = append(c.calls, "upload")
	c.pictures[id] = data
	answer := c.answer
	c.mu.Unlock()
	if answer != nil {
		answer(w, r)
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{
		"public_id": id, "version": 1700000000, "resource_type": "image", "type": "upload", "created_at": "2024-02-29T23:59:58Z",
		"url": "http://" + address(id, data), "secure_url": "https://" + address(id, data),
	})
}

func address(id string, data []byte) string {
	extension := map[string]string{"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif"}[http.DetectContentType(data)]
	return fmt.Sprintf("res.cloudinary.com/%s/image/upload/v1700000000/%s.%s", testCloud, id, extension)
}

func (c *cloud) destroy(w http.ResponseWriter, r *http.Request) {
	if !c.signed(w, r) {
		return
	}
	id := r.FormValue("public_id")
	c.mu.Lock()
	_, there := c.pictures[id]
	delete(c.pictures, id)
	c.calls = append(c.calls, "destroy")
	answer := c.answer
	c.mu.Unlock()
	c.destroyed <- id
	if r.FormValue("invalidate") != "true" {
		c.t.Error("the caches keep showing the picture")
	}
	result := "ok"
	if !there {
		result = "not found"
	}
	if answer != nil {
		answer(w, r)
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]string{"result": result})
}

func (c *cloud) fetch(ref string) ([]byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, data := range c.pictures {
		if ref == "https://"+address(id, data) {
			return slices.Clone(data), true
		}
	}
	return nil, false
}

func (c *cloud) answers(h http.HandlerFunc) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answer = h
}

func (c *cloud) called() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.calls)
}

func TestCloudinary(t *testing.T) {
	porttest.TestImageStore(t, func(t *testing.T) (ports.ImageStore, func(string) ([]byte, bool)) {
		c := newCloud(t)
		return c.store(t), c.fetch
	})
}

func TestCloudinaryCallsNobodyForWhatIsNotOurs(t *testing.T) {
	c := newCloud(t)
	store := c.store(t)
	ours := newName()
	for _, ref := range []string{
		"", "/images/" + ours + ".png",
		"https://res.cloudinary.com/" + testCloud + "/image/upload/v1700000000/default-avatar.png",
		"https://res.cloudinary.com/" + testCloud + "/image/upload/v1700000000/" + ours + ".png",
		"https://res.cloudinary.com/other/image/upload/v1700000000/latchkey/" + ours + ".png",
		"https://other-res.cloudinary.com/image/upload/latchkey/" + ours + ".png",
		"http://res.cloudinary.com/" + testCloud + "/image/upload/v1700000000/latchkey/" + ours + ".png",
		"https://res.cloudinary.com/" + testCloud + "/image/upload/v1700000000/latchkey/" + ours + ".png?x",
		"https://res.cloudinary.com/" + testCloud + "/image/upload/v1700000000/latchkey/../" + ours + ".png",
		"https://res.cloudinary.com/" + testCloud + "/image/upload/w_100/latchkey/" + ours + ".png",
	} {
		if err := store.Delete(t.Context(), ref); err != nil {
			t.Errorf("Delete(%q): %v", ref, err)
		}
	}
	if _, err := store.Put(t.Context(), "avatar", []byte("text")); !errors.Is(err, &domain.Error{Code: domain.CodeImageInvalid}) {
		t.Errorf("Put of a text: %v", err)
	}
	if calls := c.called(); len(calls) > 0 {
		t.Errorf("called %q", calls)
	}
}

func TestCloudinaryKnowsItsAddresses(t *testing.T) {
	store := newCloud(t).store(t)
	want := "latchkey/" + newName()
	for _, ref := range []string{
		"https://res.cloudinary.com/" + testCloud + "/image/upload/v1/" + want + ".png",
		"https://res.cloudinary.com/" + testCloud + "/image/upload/" + want + ".jpg",
		"https://" + testCloud + "-res.cloudinary.com/image/upload/v17/" + want + ".gif",
	} {
		if got := store.publicID(ref); got != want {
			t.Errorf("%s: got %q, want %q", ref, got, want)
		}
	}
}

func TestCloudinaryFailures(t *testing.T) {
	say := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	for name, answer := range map[string]http.HandlerFunc{
		"refuses":              say(http.StatusBadRequest, `{"error":{"message":"Upload preset not found"}}`),
		"is a page":            say(http.StatusBadGateway, "<html>Bad Gateway</html>"),
		"is null":              say(http.StatusOK, "null"),
		"is nothing":           say(http.StatusOK, ""),
		"is empty":             say(http.StatusOK, "{}"),
		"is too long":          say(http.StatusOK, `{"public_id":"`+strings.Repeat("x", maxAnswerBytes)+`"}`),
		"is of other types":    say(http.StatusOK, `{"secure_url":1,"result":[]}`),
		"is another's address": say(http.StatusOK, `{"secure_url":"https://example.org/a.png","result":"maybe"}`),
		"breaks off":           func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			c := newCloud(t)
			store := c.store(t)
			kept := put(t, store)
			c.answers(answer)
			ref, err := store.Put(t.Context(), "avatar", somePNG)
			unavailable(t, err)
			silent(t, err)
			if ref != "" {
				t.Errorf("got the reference %q beside an error", ref)
			}
			<-c.destroyed // what may have arrived is removed
			err = store.Delete(t.Context(), kept)
			unavailable(t, err)
			silent(t, err)
		})
	}
}

func TestCloudinaryOutOfReach(t *testing.T) {
	c := newCloud(t)
	store := c.store(t)
	c.Close()
	_, err := store.Put(t.Context(), "avatar", somePNG)
	unavailable(t, err)
	silent(t, err)
	err = store.Delete(t.Context(), "https://"+address("latchkey/"+newName(), somePNG))
	unavailable(t, err)
	silent(t, err)
}

func TestCloudinaryWithAWrongSecret(t *testing.T) {
	c := newCloud(t)
	const wrong = "wrong-secret-wrong-secret-wrong"
	store, err := NewCloudinary(CloudinaryConfig{Cloud: testCloud, Key: testKey, Secret: domain.NewSecret(wrong), UploadPrefix: c.URL})
	if err != nil {
		t.Fatal(err)
	}
	_, err = store.Put(t.Context(), "avatar", somePNG)
	unavailable(t, err)
	if err == nil || !strings.Contains(err.Error(), "Invalid Signature") || strings.Contains(err.Error(), wrong) {
		t.Errorf("got %v, want what Cloudinary said", err)
	}
}

// An answer that comes too late is none: the picture goes again, although the caller has.
func TestCloudinaryLeavesNothingWhenTimeIsUp(t *testing.T) {
	c := newCloud(t)
	ctx, cancel := context.WithCancel(t.Context())
	late := make(chan struct{})
	c.answers(func(http.ResponseWriter, *http.Request) {
		c.answers(nil)
		cancel()
		<-late
	})
	_, err := c.store(t).Put(ctx, "avatar", somePNG)
	close(late)
	unavailable(t, err)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	<-c.destroyed
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.pictures) > 0 {
		t.Error("the picture has stayed")
	}
}

func TestNewCloudinaryWantsAll(t *testing.T) {
	for _, config := range []CloudinaryConfig{
		{}, {Key: testKey, Secret: domain.NewSecret(testSecret)}, {Cloud: testCloud, Secret: domain.NewSecret(testSecret)}, {Cloud: testCloud, Key: testKey},
	} {
		if _, err := NewCloudinary(config); err == nil {
			t.Errorf("%+v was taken", config)
		}
	}
}

func TestCloudinaryHidesItsSecret(t *testing.T) {
	store := newCloud(t).store(t)
	for _, shown := range []string{fmt.Sprintf("%v %+v %#v", store, store, store), fmt.Sprintf("%+v", struct{ Store any }{store})} {
		if strings.Contains(shown, testSecret) {
			t.Errorf("shows its secret: %s", shown)
		}
	}
}

func silent(t *testing.T, err error) {
	t.Helper()
	for _, shown := range []string{fmt.Sprintf("%v %+v", err, err), fmt.Sprintf("%#v", err)} {
		if strings.Contains(shown, testSecret) {
			t.Errorf("the error shows the secret: %s", shown)
		}
	}
}
