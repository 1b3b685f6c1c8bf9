package browser_test

import "testing"

func TestAStrangerFindsTheDoorAndNothingWrong(t *testing.T) {
	stranger := newTab(t, newHouse(t))
	stranger.visit("/")
	stranger.sees("Welcome back")
}
