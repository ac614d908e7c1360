-- Records the end of a reservation. The end of the last open one frees the place of the buyer.
-- KEYS: room, active, admitted, entered, journal, gone:, holds of the buyer
-- ARGV: buyer, reservation, now, milliseconds since the end, milliseconds to remember
local instant = instantOf(ARGV[3])
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {'NO_ROOM'}
end
local buyer = ARGV[1]
local known = redis.call('HGET', KEYS[7], ARGV[2])
if known ~= '0' then
  redis.call('HSET', KEYS[7], ARGV[2], '0')
  if redis.call('PTTL', KEYS[7]) < tonumber(ARGV[5]) then
    redis.call('PEXPIRE', KEYS[7], ARGV[5])
  end
  tell(KEYS[5], 'RELEASED', instant, buyer, '0', ARGV[2], '0', '0')
end
for _, heldUntil in ipairs(redis.call('HVALS', KEYS[7])) do
  if heldUntil ~= '0' then
    return {'HOLDS_MORE'}
  end
end
-- The end may be reported late and repeatedly. It must not free a place that the buyer got after it.
local admission = redis.call('HGET', KEYS[3], buyer)
local at = admission and string.match(admission, '|(%d+)|')
if not at or tonumber(at) > tonumber(instant) - tonumber(ARGV[4]) then
  return {'NOTHING'}
end
redis.call('HDEL', KEYS[3], buyer)
redis.call('SREM', KEYS[4], buyer)
if redis.call('ZREM', KEYS[2], buyer) == 0 then
  return {'NOTHING'}
end
tell(KEYS[5], 'LEFT', instant, buyer, '0', 'COMPLETED', '0', '0')
remember(KEYS[6], buyer, 'LEFT', 'COMPLETED', instant)
return {'OK'}
