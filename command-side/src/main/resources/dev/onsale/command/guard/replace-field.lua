-- Writes a field if it is still what the caller read. An empty value stands for a field that is not there.
-- KEYS: guard. ARGV: field, expected, new
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
if ARGV[3] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
end
return 1
