package compose_test

import "github.com/latchkey-auth/latchkey/tests/scenario"

// person is somebody who is signed in.
type person struct {
	credentials scenario.Credentials
	tokens      scenario.Tokens
}

// arrive registers a person and signs them in.
func (d *deployment) arrive() *person {
	d.t.Helper()
	s, p := d.service(), &person{credentials: scenario.Credentials{Email: "ada@example.org", Password: "correct horse battery"}}
	if _, err := s.Register(d.t.Context(), scenario.Registration{Email: p.credentials.Email, Password: p.credentials.Password}); err != nil {
		d.t.Fatal(err)
	}
	in, err := s.Login(d.t.Context(), p.credentials)
	if err != nil {
		d.t.Fatal(err)
	}
	p.tokens = in.Tokens
	return p
}

// expectSignedIn asks more often than there are processes, so that each has its turn.
func (d *deployment) expectSignedIn(p *person) {
	d.t.Helper()
	s := d.service()
	for range 4 {
		if _, err := s.Me(d.t.Context(), p.tokens.AccessToken); err != nil {
			d.t.Error(err)
		}
		if _, err := s.Login(d.t.Context(), p.credentials); err != nil {
			d.t.Error(err)
		}
		next, err := s.Refresh(d.t.Context(), p.tokens.RefreshToken)
		if err != nil {
			d.t.Fatal(err)
		}
		p.tokens = next
	}
}
