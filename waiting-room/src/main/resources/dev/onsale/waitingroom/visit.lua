-- Joins the queue or asks for the place in it; both are a sign of life.
-- KEYS: room, sequence, queue, seen, active, admitted, entered  ARGV: buyer, now, 'join' | 'poll', waitingMax
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {'NO_ROOM'}
end
local buyer = ARGV[1]
local activeUntil = redis.call('ZSCORE', KEYS[5], buyer)
if activeUntil then
  if tonumber(activeUntil) > tonumber(ARGV[2]) then
    return {'ADMITTED', redis.call('ZCARD', KEYS[3]), redis.call('HGET', KEYS[6], buyer),
      redis.call('SISMEMBER', KEYS[7], buyer)}
  end
  -- The next admission would clear it away; until then it must not count as a place in two lists.
  redis.call('ZREM', KEYS[5], buyer)
  redis.call('HDEL', KEYS[6], buyer)
  redis.call('SREM', KEYS[7], buyer)
end
local ahead = redis.call('ZRANK', KEYS[3], buyer)
if not ahead then
  if ARGV[3] ~= 'join' then
    return {'NO_VISITOR'}
  end
  ahead = redis.call('ZCARD', KEYS[3])
  if ahead >= tonumber(ARGV[4]) then
    return {'FULL'}
  end
  -- A counter, not the clock: two who come in the same millisecond, or to nodes whose clocks differ, keep their order.
  redis.call('ZADD', KEYS[3], redis.call('INCR', KEYS[2]), buyer)
end
redis.call('ZADD', KEYS[4], 'GT', ARGV[2], buyer)
return {'WAITING', redis.call('ZCARD', KEYS[3]), ahead + 1}
