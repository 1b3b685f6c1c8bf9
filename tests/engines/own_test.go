package engines

import (
	"context"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

func TestOwnServersKeepWhatTheyConfirmed(t *testing.T) {
	redis := OwnRedis(t)
	if err := dial(t, redis.URL(redis.Addr())).Set(t.Context(), "key", "kept", 0).Err(); err != nil {
		t.Fatal(err)
	}
	redis.Kill(t)
	redis.Start(t)
	if got, err := dial(t, redis.URL(redis.Addr())).Get(t.Context(), "key").Result(); got != "kept" || err != nil {
		t.Errorf("the key is %q (%v)", got, err)
	}

	mongodb := OwnMongo(t)
	if _, err := documents(t, mongodb).InsertOne(t.Context(), bson.D{}); err != nil {
		t.Fatal(err)
	}
	mongodb.Kill(t)
	mongodb.Start(t)
	if n, err := documents(t, mongodb).CountDocuments(t.Context(), bson.D{}); n != 1 || err != nil {
		t.Errorf("there are %d documents (%v)", n, err)
	}
}

func TestOwnServersAreStoppedAndGoOn(t *testing.T) {
	for _, own := range []*Own{OwnRedis(t), OwnMongo(t)} {
		own.Stop(t)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if own.ready(ctx, own.Addr()) == nil {
			t.Errorf("%s is stopped, and answers", own.Addr())
		}
		own.Continue(t)
		if err := own.ready(t.Context(), own.Addr()); err != nil {
			t.Errorf("%s does not go on: %v", own.Addr(), err)
		}
	}
}

func documents(t *testing.T, own *Own) *mongo.Collection {
	t.Helper()
	client, err := mongo.Connect(options.Client().ApplyURI(own.URL(own.Addr())))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Disconnect(context.WithoutCancel(t.Context())) })
	return client.Database("own").Collection("documents")
}
