package httpapi

import (
	"github.com/latchkey-auth/latchkey/app"
	"github.com/latchkey-auth/latchkey/domain"
)

// session is a session as its owner sees it.
type session struct {
	ID         string     `json:"id"`
	Current    bool       `json:"current"`
	CreatedAt  timestamp  `json:"createdAt"`
	LastUsedAt timestamp  `json:"lastUsedAt"`
	ExpiresAt  timestamp  `json:"expiresAt"`
	UserAgent  string     `json:"userAgent"`
	IP         string     `json:"ip"`
	EndedAt    *timestamp `json:"endedAt"` // null while it lives
	EndReason  *string    `json:"endReason"`
}

func newSession(s domain.Session, current domain.SessionID) session {
	seen := session{
		ID:         string(s.ID),
		Current:    s.ID == current,
		CreatedAt:  timestamp(s.CreatedAt),
		LastUsedAt: timestamp(s.RotatedAt),
		ExpiresAt:  timestamp(s.ExpiresAt),
		UserAgent:  s.UserAgent,
		IP:         s.IP,
	}
	if s.Ended() {
		seen.EndedAt = new(timestamp(s.EndedAt))
		seen.EndReason = new(string(s.EndReason))
	}
	return seen
}

func (s *server) listSessions(r *request) (reply, error) {
	found, err := s.App.ListSessions.Do(r.Context(), r.caller)
	if err != nil {
		return reply{}, err
	}
	seen := make([]session, len(found))
	for i, each := range found {
		seen[i] = newSession(each, r.caller.Session.ID)
	}
	return reply{message: "Sessions, newest first.", data: seen}, nil
}

func (s *server) endSession(r *request) (reply, error) {
	err := s.App.EndSession.Do(r.Context(), app.EndSessionRequest{
		Caller: r.caller, ID: domain.SessionID(r.param("id")), Client: r.client(),
	})
	return reply{message: "Session ended."}, err
}

func (s *server) endSessions(r *request) (reply, error) {
	keep := r.URL.Query()["keep"]
	if len(keep) != 1 || keep[0] != "current" && keep[0] != "none" {
		return reply{}, domain.Invalid("keep", `must be "current" or "none", and come once`)
	}
	n, err := s.App.EndSessions.Do(r.Context(), app.EndSessionsRequest{
		Caller: r.caller, KeepCurrent: keep[0] == "current", Client: r.client(),
	})
	if err != nil {
		return reply{}, err
	}
	return reply{message: "Sessions ended.", data: struct {
		Ended int `json:"ended"`
	}{n}}, nil
}
