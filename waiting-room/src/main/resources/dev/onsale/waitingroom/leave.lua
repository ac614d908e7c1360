-- Removes a buyer from the queue or from the places inside.
-- KEYS: room, queue, active, admitted, entered, journal, gone:
-- ARGV: buyer, now, reason
local instant = instantOf(ARGV[2])
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {'NO_ROOM'}
end
local buyer = ARGV[1]
local waited = redis.call('ZREM', KEYS[2], buyer)
local placed = redis.call('ZREM', KEYS[3], buyer)
redis.call('HDEL', KEYS[4], buyer)
redis.call('SREM', KEYS[5], buyer)
if waited + placed == 0 then
  return {'NOTHING'}
end
tell(KEYS[6], 'LEFT', instant, buyer, '0', ARGV[3], '0', '0')
remember(KEYS[7], buyer, 'LEFT', ARGV[3], instant)
return {'OK'}
