-- Answers the ids and values of a user's sessions, one after the other.
local found = {}
for _, id in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local session = redis.call('GET', ARGV[1] .. id)
  if session then
    table.insert(found, id)
    table.insert(found, session)
  end
end
return found
