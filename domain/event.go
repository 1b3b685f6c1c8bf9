package domain

import "time"

// EventKind names something that happened and that an operator or an auditor wants to know.
type EventKind string

// The kinds of events.
const (
	EventRegistered      EventKind = "registered"
	EventSignedIn        EventKind = "signed_in"
	EventSignInFailed    EventKind = "sign_in_failed"
	EventRefreshed       EventKind = "refreshed"
	EventRepeated        EventKind = "repeated_in_grace"
	EventRolledForward   EventKind = "rolled_forward"
	EventReused          EventKind = "reused"
	EventSignedOut       EventKind = "signed_out"
	EventSessionEnded    EventKind = "session_ended"
	EventPasswordChanged EventKind = "password_changed"
	EventAccountDeleted  EventKind = "account_deleted"
	EventThrottled       EventKind = "throttled"
	EventKeyRotated      EventKind = "key_rotated"
	EventClientRefused   EventKind = "client_refused"
)

// KeyStep is a step in the life of a key that signs access tokens.
type KeyStep string

// The steps, in their order.
const (
	KeyAdded     KeyStep = "added"     // it is published and accepted, and does not sign
	KeyActivated KeyStep = "activated" // it signs
	KeyRetired   KeyStep = "retired"   // it is no longer accepted
)

// KeyRotation is a step that a key has taken.
type KeyRotation struct {
	KeyID string
	Step  KeyStep
}

// Event is something that happened. It never holds a secret.
type Event struct {
	Kind      EventKind
	At        time.Time
	UserID    UserID    // "" where unknown
	SessionID SessionID // "" where there is none
	Client    Client
	Rotation  KeyRotation // zero unless a key was rotated
}
