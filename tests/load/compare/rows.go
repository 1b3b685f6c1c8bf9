package compare

// bound is what a figure must be. Either side may be open, where zero; exact is zero and nothing else.
type bound struct {
	least, most float64
	none        bool
}

func atLeast(v float64) bound { return bound{least: v} }
func atMost(v float64) bound  { return bound{most: v} }

var noneAtAll = bound{none: true}

// row is a line of the table: a figure of Latchkey, by itself or as a part of another one.
type row struct {
	work   string
	figure string
	beside string // the figure that it is measured by, if any
	unit   unit   // of both
	bound  bound  // of the ratio, where it is measured by another
}

// rows is what must be true.
var rows = []row{
	{"sign-in, bcrypt cost 10, 64 clients", "login latchkey bcrypt", "raw bcrypt", perSecond, atLeast(0.97)},
	{"me, memory store", "me latchkey memory", "me gin-jwt", perSecond, atLeast(0.8)},
	{"me, memory store", "me latchkey memory", "me gin-hello", perSecond, atLeast(0.5)},
	{"me, SQLite", "me latchkey", "me gin-jwt", perSecond, atLeast(0.5)},
	{"me, SQLite", "me latchkey", "me pocketbase", perSecond, atLeast(6)},
	{"refresh, SQLite, durable", "refresh latchkey", "refresh pocketbase", perSecond, atLeast(2)},
	{"refreshes for each fsync, SQLite, 64 clients", "refreshes by fsync", "", plain, atLeast(8)},
	{"refresh, Redis", "refresh latchkey redis", "refresh gin-jwt redis", perSecond, atLeast(1)},

	{"storm: me, 99th percentile", "storm latchkey me", "", milliseconds, atMost(2)},
	{"storm: me, 99th percentile", "storm latchkey me", "calm latchkey me", milliseconds, atMost(4)},
	{"storm: refresh, 99th percentile", "storm latchkey refresh", "", milliseconds, atMost(2)},
	{"storm: refresh, 99th percentile", "storm latchkey refresh", "calm latchkey refresh", milliseconds, atMost(4)},
	{"storm: errors", "storm latchkey errors", "", plain, noneAtAll},
	{"storm: sign-ins", "storm latchkey login", "alone latchkey login", perSecond, atLeast(0.95)},

	{"storm, quota of one CPU: me, 99th percentile", "storm quota me", "", milliseconds, atMost(5)},
	{"storm, quota of one CPU: refresh, 99th percentile", "storm quota refresh", "", milliseconds, atMost(5)},
	{"storm, quota of one CPU: errors", "storm quota errors", "", plain, noneAtAll},
	{"storm, quota of one CPU: sign-ins", "storm quota login", "alone quota login", perSecond, atLeast(0.95)},

	{"memory, idle", "memory idle", "", mebibytes, atMost(30)},
	{"memory, argon2id storm of 1,000 clients, less idle and 19 MiB for each worker", "memory storm", "", mebibytes, atMost(40)},
	{"memory, last quarter of the soak by the second", "soak end", "soak beginning", mebibytes, atMost(1.1)},
	{"start to first answer", "start", "", milliseconds, atMost(50)},
}

// peers is what the peers do in the same storm; nothing is asked of them.
var peers = []row{
	{"storm, gin-jwt: me, 99th percentile", "storm gin-jwt me", "calm gin-jwt me", milliseconds, bound{}},
	{"storm, gin-jwt: refresh, 99th percentile", "storm gin-jwt refresh", "calm gin-jwt refresh", milliseconds, bound{}},
	{"storm, PocketBase: me, 99th percentile", "storm pocketbase me", "calm pocketbase me", milliseconds, bound{}},
	{"storm, PocketBase: refresh, 99th percentile", "storm pocketbase refresh", "calm pocketbase refresh", milliseconds, bound{}},
}
