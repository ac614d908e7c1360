-- KEYS: room, queue, seen, active, admitted, entered  ARGV: buyer
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {'NO_ROOM'}
end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('ZREM', KEYS[4], ARGV[1])
redis.call('HDEL', KEYS[5], ARGV[1])
redis.call('SREM', KEYS[6], ARGV[1])
return {'OK'}
