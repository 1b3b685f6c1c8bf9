-- Stores a session with its place in the index.
local session, index = KEYS[1], KEYS[2]
local id, now, expected, version, kept, born, state = unpack(ARGV)

if expected ~= '' then
  local stored = redis.call('GET', session)
  if not stored then
    return 'absent'
  end
  local its_version, its_kept, rest = string.match(stored, '^(%d+) (%d+) ()')
  if tonumber(its_kept) <= tonumber(now) then
    return 'absent'
  end
  if its_version ~= expected then
    return 'stale'
  end
  born = string.sub(stored, rest, rest + #born - 1)
end

if tonumber(kept) <= tonumber(now) then
  redis.call('DEL', session)
  redis.call('ZREM', index, id)
else
  redis.call('SET', session, version .. ' ' .. kept .. ' ' .. born .. state, 'PXAT', kept)
  redis.call('ZADD', index, kept, id)
end

-- The index holds no more than the engine does: it drops what has expired, and goes with the last one.
local time = redis.call('TIME')
redis.call('ZREMRANGEBYSCORE', index, '-inf', '(' .. string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)))
local last = redis.call('ZRANGE', index, -1, -1, 'WITHSCORES')
if last[2] then
  redis.call('PEXPIREAT', index, string.format('%.0f', last[2]))
end
return 'done'
