-- Notes that a claim is about to be made for the user. All of a user's intents go when none was added for a while.
redis.call('SADD', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
