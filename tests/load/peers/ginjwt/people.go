package main

import (
	"net/http"
	"sync"

	jwt "github.com/appleboy/gin-jwt/v3"
	"github.com/gin-gonic/gin"
	"golang.org/x/crypto/bcrypt"
)

// cost is bcrypt's default, which is Latchkey's too.
const cost = 10

// people is the users, by email.
type people struct {
	mu     sync.RWMutex
	hashes map[string][]byte
}

func newPeople() *people { return &people{hashes: map[string][]byte{}} }

// credentials is what registration and sign-in take.
type credentials struct {
	Email    string `json:"email" binding:"required"`
	Password string `json:"password" binding:"required"`
}

func (p *people) register(c *gin.Context) {
	var given credentials
	if err := c.ShouldBindJSON(&given); err != nil {
		c.AbortWithStatus(http.StatusBadRequest)
		return
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(given.Password), cost)
	if err != nil {
		c.AbortWithStatus(http.StatusBadRequest)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.hashes[given.Email] != nil {
		c.AbortWithStatus(http.StatusConflict)
		return
	}
	p.hashes[given.Email] = hash
	c.JSON(http.StatusCreated, gin.H{"email": given.Email})
}

// authenticate is gin-jwt's Authenticator.
func (p *people) authenticate(c *gin.Context) (any, error) {
	var given credentials
	if err := c.ShouldBindJSON(&given); err != nil {
		return nil, jwt.ErrMissingLoginValues
	}
	p.mu.RLock()
	hash := p.hashes[given.Email]
	p.mu.RUnlock()
	if bcrypt.CompareHashAndPassword(hash, []byte(given.Password)) != nil {
		return nil, jwt.ErrFailedAuthentication
	}
	return given.Email, nil
}
