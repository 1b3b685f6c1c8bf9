-- Answers for how many microseconds a key has to wait, and has it spend a token where that is none.
-- A key has so many tokens to spend, and they come back evenly over the period. What is stored is how many had been
-- spent at a time; a key that has all of its tokens back is forgotten.
local key = KEYS[1]
local verb, now, tokens, period, slack = unpack(ARGV)

local stored = redis.call('HMGET', key, 'spent', 'at')
local since = now - (stored[2] or now)
local spent = math.max(0, (stored[1] or 0) - since * tokens / period)

-- What is missing by less than a microsecond is not missing: floating point may lose that much.
local wait = (spent + 1 - tokens) * period / tokens
if wait >= 1 then
  return math.ceil(wait)
end

if verb == 'count' then
  spent = spent + 1
  redis.call('HSET', key, 'spent', spent, 'at', now)
  redis.call('PEXPIRE', key, string.format('%.0f', math.ceil(spent * period / tokens / 1000) + slack))
end
return 0
