-- Replaces a user's record if it is the expected one, "" standing for none, and if the intent has not been given up.
if redis.call('SREM', KEYS[2], ARGV[1]) == 0 then
  return 'given up'
end
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[2] then
  return 'changed'
end
redis.call('SET', KEYS[1], ARGV[3])
return 'done'
