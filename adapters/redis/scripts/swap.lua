-- Replaces a value if it is the expected one, and answers what it was. "" stands for nothing.
local stored = redis.call('GET', KEYS[1]) or ''
if stored ~= ARGV[1] then
  return stored
end
if ARGV[2] == '' then
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[1], ARGV[2])
end
return stored
