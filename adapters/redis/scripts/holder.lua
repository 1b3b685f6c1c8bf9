-- Answers a user's record, and whether an intent of theirs may still change it.
return {redis.call('GET', KEYS[1]) or '', redis.call('SISMEMBER', KEYS[2], ARGV[1])}
