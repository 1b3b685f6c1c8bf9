package mongo

import (
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

// sessionFields is what a session's document holds and Update may change, nil for what is not given.
func sessionFields(s domain.Session) bson.D {
	return bson.D{
		{Key: "generation", Value: s.Generation},
		{Key: "rotatedAt", Value: date(s.RotatedAt)},
		{Key: "expiresAt", Value: date(s.ExpiresAt)},
		{Key: "userAgent", Value: given(s.UserAgent)},
		{Key: "ip", Value: given(s.IP)},
		{Key: "credentialsVersion", Value: s.CredentialsVersion},
		{Key: "endedAt", Value: date(s.EndedAt)},
		{Key: "endReason", Value: given(string(s.EndReason))},
		{Key: "keptUntil", Value: bson.DateTime(s.KeptUntil().UnixMilli())},
	}
}

// sessionDocument is the document of a new session.
func sessionDocument(s domain.Session) bson.D {
	doc := bson.D{
		{Key: "_id", Value: textValue(string(s.ID))},
		{Key: "userId", Value: idValue(s.UserID)},
		{Key: "seed", Value: bson.Binary{Data: s.Seed[:]}},
		{Key: "createdAt", Value: bson.DateTime(s.CreatedAt.UnixMilli())}, // also where zero, to have an order
		{Key: "version", Value: int64(1)},
	}
	return only(append(doc, sessionFields(s)...))
}

// sessionChanges is the update that writes everything but what never changes.
func sessionChanges(s domain.Session) bson.D {
	unset := bson.D{}
	for _, f := range sessionFields(s) {
		if f.Value == nil {
			unset = append(unset, bson.E{Key: f.Key, Value: ""})
		}
	}
	changes := bson.D{
		{Key: "$inc", Value: bson.D{{Key: "version", Value: int64(1)}}},
		{Key: "$set", Value: only(sessionFields(s))},
	}
	if len(unset) > 0 {
		changes = append(changes, bson.E{Key: "$unset", Value: unset})
	}
	return changes
}

func readSession(doc bson.Raw) (domain.Session, error) {
	s := domain.Session{
		ID:        domain.SessionID(text(doc, "_id")),
		UserID:    readUserID(doc.Lookup("userId")),
		CreatedAt: moment(doc, "createdAt"),
		RotatedAt: moment(doc, "rotatedAt"),
		ExpiresAt: moment(doc, "expiresAt"),
		UserAgent: text(doc, "userAgent"),
		IP:        text(doc, "ip"),
		EndedAt:   moment(doc, "endedAt"),
		EndReason: domain.EndReason(text(doc, "endReason")),
	}
	var errs [4]error
	s.Generation, errs[0] = integer(doc, "generation")
	s.CredentialsVersion, errs[1] = integer(doc, "credentialsVersion")
	s.Version, errs[2] = integer(doc, "version")
	_, seed, _ := doc.Lookup("seed").BinaryOK()
	if len(seed) != len(s.Seed) {
		errs[3] = fmt.Errorf("a seed of %d bytes", len(seed))
	}
	if err := errors.Join(errs[:]...); err != nil {
		return domain.Session{}, &ports.UnreadableError{ID: text(doc, "_id"), Err: err}
	}
	copy(s.Seed[:], seed)
	return s, nil
}
