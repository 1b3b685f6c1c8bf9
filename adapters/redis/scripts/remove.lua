-- Removes a user's record and answers it. No intent outlives it: what was asked for before does not happen afterwards.
local stored = redis.call('GET', KEYS[1])
redis.call('DEL', KEYS[1], KEYS[2])
return stored
