package domain

// NewerThan reports whether u is a later state of the same user than other.
func (u User) NewerThan(other User) bool {
	if u.CredentialsVersion != other.CredentialsVersion {
		return u.CredentialsVersion > other.CredentialsVersion
	}
	return u.UpdatedAt.After(other.UpdatedAt)
}

// NewerThan reports whether s is a later state of the same session than other: one that has ended, or whose generation,
// which only grows, is higher.
func (s Session) NewerThan(other Session) bool {
	if s.Ended() != other.Ended() {
		return s.Ended()
	}
	return s.Generation > other.Generation
}
