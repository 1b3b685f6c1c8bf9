package contract_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// cloud answers as Cloudinary's upload API does, and keeps what is uploaded.
type cloud struct {
	settings map[string]string // of a service that keeps its images there

	mu       sync.Mutex
	pictures map[string]bool // by public id
	uploads  int
	// refuseFrom is the upload from which on it breaks down, having kept the picture all the same.
	refuseFrom int
	changed    chan struct{}
}

func newCloud(t *testing.T) *cloud {
	c := &cloud{pictures: map[string]bool{}, refuseFrom: 1 << 30, changed: make(chan struct{}, 1)}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1_1/demo/auto/upload", c.upload)
	mux.HandleFunc("POST /v1_1/demo/image/destroy", c.destroy)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	c.settings = map[string]string{"IMAGE_STORE": "cloudinary://key:secret@demo?upload_prefix=" + server.URL}
	return c
}

func (c *cloud) upload(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id := r.FormValue("public_id")
	c.pictures[id] = true
	if c.uploads++; c.uploads >= c.refuseFrom {
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = w.Write([]byte(`{"error":{"message":"out of order"}}`))
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]string{"public_id": id, "secure_url": address(id)})
}

func (c *cloud) destroy(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded") // which the SDK leaves out, and Cloudinary takes it for
	delete(c.pictures, r.FormValue("public_id"))
	_, _ = w.Write([]byte(`{"result":"ok"}`))
	select {
	case c.changed <- struct{}{}:
	default:
	}
}

func address(id string) string {
	return "https://res.cloudinary.com/demo/image/upload/v1/" + id + ".png"
}

// left counts the pictures that are kept.
func (c *cloud) left() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.pictures)
}

// settles waits until so many pictures are left: what is undone in the background takes a moment.
func (c *cloud) settles(t *testing.T, want int) {
	t.Helper()
	patience := time.After(20 * time.Second)
	for c.left() != want {
		select {
		case <-c.changed:
		case <-patience:
			t.Fatalf("%d pictures are left, want %d", c.left(), want)
		}
	}
}

// images is where a service keeps its pictures.
type images struct {
	service
	settles func(t *testing.T, left int)
}

// onBoth runs a test with pictures on disk and at Cloudinary.
func onBoth(t *testing.T, check func(t *testing.T, s images)) {
	t.Run("disk", func(t *testing.T) {
		s := open(t)
		check(t, images{s, func(t *testing.T, want int) {
			t.Helper()
			if left := s.ImagesLeft(t); left != want {
				t.Errorf("%d pictures are left, want %d", left, want)
			}
		}})
	})
	t.Run("cloudinary", func(t *testing.T) {
		c := newCloud(t)
		check(t, images{open(t, c.settings), c.settles})
	})
}

func both() map[string][]byte {
	return map[string][]byte{"avatar": picture(), "coverImage": picture()}
}

func TestImagesComeAndGoWithTheirUser(t *testing.T) {
	onBoth(t, func(t *testing.T, s images) {
		person := newcomer()
		u := decode[user](t, s.send(t, "POST", "/register", asMultipart(person, both())).expect(t, http.StatusCreated, "").Data)
		if u.Avatar == u.CoverImage || !strings.Contains(u.Avatar, "://") || !strings.Contains(u.CoverImage, "://") {
			t.Errorf("the pictures are at %q and %q", u.Avatar, u.CoverImage)
		}
		s.settles(t, 2)
		access := bearer(s.signIn(t, person).AccessToken)
		s.Watch.AllowAnyRequest() // a file that the route does not know comes too
		changed := decode[user](t, s.send(t, "PATCH", "/me/avatar", asMultipart(nil, both()), access).expect(t, http.StatusOK, "").Data)
		if changed.Avatar == u.Avatar || changed.CoverImage != u.CoverImage {
			t.Errorf("%+v was changed to %+v", u, changed)
		}
		s.settles(t, 2)
		s.send(t, "DELETE", "/me", asJSON(fields{"password": passphrase}), access).expect(t, http.StatusOK, "")
		s.settles(t, 0)
	})
}

// TestRegistrationThatFailsLeavesNothing: no user and no picture, however far it came.
func TestRegistrationThatFailsLeavesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, s images) {
		taken := s.register(t)
		s.send(t, "POST", "/register", asMultipart(taken, both())).expect(t, http.StatusConflict, "user_exists")
		s.settles(t, 0)

		person, spoilt := newcomer(), both()
		spoilt["coverImage"] = []byte("<svg/>")
		s.send(t, "POST", "/register", asMultipart(person, spoilt)).expect(t, http.StatusBadRequest, "image_invalid").blames(t, "coverImage")
		s.settles(t, 0)
		s.guess(t, person).expect(t, http.StatusUnauthorized, "invalid_credentials")

		s.send(t, "POST", "/register", asMultipart(person.but("password", "short"), both())).expect(t, http.StatusBadRequest, "validation_failed")
		s.settles(t, 0)
		s.send(t, "POST", "/register", asMultipart(person, both())).expect(t, http.StatusCreated, "")
		s.settles(t, 2)
	})
}

// TestRegistrationsThatRaceLeaveOne: of many who register one email with pictures, one stays, with its pictures.
func TestRegistrationsThatRaceLeaveOne(t *testing.T) {
	onBoth(t, func(t *testing.T, s images) {
		person := newcomer()
		delete(person, "username")
		answers := make([]answer, 8)
		var all sync.WaitGroup
		for i := range answers {
			all.Go(func() { answers[i] = s.fetch(t, "POST", api+"/register", asMultipart(person, both())) })
		}
		all.Wait()
		count := map[int]int{}
		for _, a := range answers {
			count[a.status]++
		}
		if fmt.Sprint(count) != "map[201:1 409:7]" {
			t.Errorf("the answers are %v", count)
		}
		s.settles(t, 2)
	})
}

// TestCloudinaryBreaksDown while a registration is under way: that is unavailable, and nothing of it stays.
func TestCloudinaryBreaksDown(t *testing.T) {
	for broken := 1; broken <= 2; broken++ {
		c := newCloud(t)
		c.refuseFrom = broken
		s, person := open(t, c.settings), newcomer()
		a := s.send(t, "POST", "/register", asMultipart(person, both())).expect(t, http.StatusServiceUnavailable, "unavailable")
		if strings.Contains(string(a.raw), "out of order") || a.header.Get("Retry-After") == "" {
			t.Errorf("the answer is %v %s", a.header, a.raw)
		}
		c.settles(t, 0)
		s.guess(t, person).expect(t, http.StatusUnauthorized, "invalid_credentials")
		s.send(t, "POST", "/register", asJSON(person)).expect(t, http.StatusCreated, "") // the names are free
	}
}
