package engines

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"os"

	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
)

// image is an engine that Docker can run.
type image struct {
	name     string // of the image, unless the variable says otherwise
	variable string
	port     string // on which it listens, such as "6379/tcp"
	command  []string
	env      map[string]string
	url      func(addr string) string // of the engine that listens at host:port
}

// inContainer is the way to an engine that runs in a container.
func inContainer(i image) way { return way{container, i.start} }

func (i image) start(ctx context.Context) (string, error) {
	if err := dockerAnswers(ctx); err != nil {
		return "", missingf("Docker does not answer: %v", err)
	}
	name := cmp.Or(os.Getenv(i.variable), i.name)
	c, err := testcontainers.Run(ctx, name,
		testcontainers.WithExposedPorts(i.port),
		testcontainers.WithCmd(i.command...),
		testcontainers.WithEnv(i.env),
		// An image that holds nothing but the engine has no shell to check from the inside with.
		testcontainers.WithWaitStrategy(wait.ForListeningPort(i.port).SkipInternalCheck()),
	)
	if c != nil {
		atEnd(func() error { return testcontainers.TerminateContainer(c) })
	}
	if err != nil {
		return "", missingf("Docker cannot run the image %s: %v", name, err)
	}
	return i.address(ctx, c)
}

func (i image) address(ctx context.Context, c testcontainers.Container) (string, error) {
	host, err := c.Host(ctx)
	if err != nil {
		return "", fmt.Errorf("the host of the container: %w", err)
	}
	port, err := c.MappedPort(ctx, i.port)
	if err != nil {
		return "", fmt.Errorf("the port of the container: %w", err)
	}
	return i.url(net.JoinHostPort(host, port.Port())), nil
}

// dockerAnswers asks Docker whether it runs. Without Docker, testcontainers panics.
func dockerAnswers(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	provider, err := testcontainers.ProviderDocker.GetProvider()
	if err != nil {
		return err
	}
	defer func() { _ = provider.Close() }()
	return provider.Health(ctx)
}
