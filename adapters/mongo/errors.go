package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"

	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/topology"

	"github.com/latchkey-auth/latchkey/ports"
)

// The codes of the servers' own errors, by their names in MongoDB's error_codes.yml.
const (
	codeInternalError         = 1 // all that FerretDB 1 says when its own database fails
	codeNamespaceNotFound     = 26
	codeIndexOptionsConflict  = 85
	codeIndexKeySpecsConflict = 86
	codeCommandNotSupported   = 115
	codeNotImplemented        = 238
)

// unavailable are the codes of a server that cannot answer now, and could later or elsewhere.
var unavailable = []int{
	codeInternalError,
	6,     // HostUnreachable
	7,     // HostNotFound
	24,    // LockTimeout
	50,    // MaxTimeMSExpired
	64,    // WriteConcernTimeout
	89,    // NetworkTimeout
	91,    // ShutdownInProgress
	100,   // UnsatisfiableWriteConcern
	133,   // FailedToSatisfyReadPreference
	134,   // ReadConcernMajorityNotAvailableYet
	189,   // PrimarySteppedDown
	202,   // NetworkInterfaceExceededTimeLimit
	262,   // ExceededTimeLimit
	9001,  // SocketException
	10107, // NotWritablePrimary
	11600, // InterruptedAtShutdown
	11601, // Interrupted
	11602, // InterruptedDueToReplStateChange
	13435, // NotPrimaryNoSecondaryOk
	13436, // NotPrimaryOrSecondary
	14031, // OutOfDiskSpace
}

// translate makes ErrUnavailable of an engine that cannot answer, or not in time, and ErrNotFound of no document. What
// the engine refuses for itself would be refused again, and stays the error that it is.
func translate(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, driver.ErrNoDocuments):
		return ports.ErrNotFound
	case ctx.Err() != nil:
		return ports.Unavailable(fmt.Errorf("%w: %w", ctx.Err(), concise(err)))
	case refused(err):
		return err
	}
	return ports.Unavailable(concise(err))
}

// concise is the error, or, where no server could be chosen, what one of them said last: the driver would list all that it
// knows of all of them.
func concise(err error) error {
	none, _ := errors.AsType[topology.ServerSelectionError](err)
	for _, server := range none.Desc.Servers {
		if server.LastError != nil {
			return server.LastError
		}
	}
	return err
}

// refused reports whether the server answered, and could do no better. All other failures are between it and us.
func refused(err error) bool {
	if _, ok := errors.AsType[driver.MarshalError](err); ok {
		return true // it was never sent
	}
	server, ok := errors.AsType[driver.ServerError](err)
	switch {
	case !ok, driver.IsNetworkError(err), driver.IsTimeout(err), server.HasErrorLabel("RetryableWriteError"):
		return false
	case server.HasErrorLabel("TransientTransactionError"):
		return false // also without transactions: the driver has given up its connections, and asked nobody
	case unconfirmed(err):
		return false
	}
	return !hasCode(err, unavailable...)
}

// unconfirmed reports whether a write was made that no majority has confirmed.
func unconfirmed(err error) bool {
	write, ok := errors.AsType[driver.WriteException](err)
	return ok && write.WriteConcernError != nil && len(write.WriteErrors) == 0
}

func hasCode(err error, codes ...int) bool {
	return slices.ContainsFunc(driver.ErrorCodes(err), func(code int) bool { return slices.Contains(codes, code) })
}

// notImplemented reports whether the engine lacks what it was asked for.
func notImplemented(err error) bool { return hasCode(err, codeNotImplemented, codeCommandNotSupported) }

// violated is the field of a unique index that a write ran against, "" where the engine does not say which.
func violated(err error) (field string, ok bool) {
	if !driver.IsDuplicateKeyError(err) {
		return "", false
	}
	write, ok := errors.AsType[driver.WriteException](err)
	if !ok || len(write.WriteErrors) == 0 {
		return "", true
	}
	pattern, _ := write.WriteErrors[0].Raw.Lookup("keyPattern").DocumentOK()
	keys, err := pattern.Elements()
	if err != nil || len(keys) == 0 {
		return "", true
	}
	return keys[0].Key(), true
}
