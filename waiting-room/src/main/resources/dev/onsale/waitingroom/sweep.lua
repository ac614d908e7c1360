-- Removes one batch of visitors who have been silent too long.
-- KEYS: queue, seen  ARGV: silent since, batch
local silent = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
if #silent > 0 then
  redis.call('ZREM', KEYS[1], unpack(silent))
  redis.call('ZREM', KEYS[2], unpack(silent))
end
return {#silent}
