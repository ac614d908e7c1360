-- Records the entry of a buyer whose token the database has marked as used. The time of the place starts again.
-- KEYS: room, active, admitted, entered, used, journal, holds of the buyer  ARGV: buyer, token id, now, token's remaining milliseconds
local instant = instantOf(ARGV[3])
local activeMillis = redis.call('HGET', KEYS[1], 'activeMillis')
if not activeMillis then
  return {'NO_ROOM'}
end
redis.call('SET', KEYS[5], ARGV[1], 'PX', ARGV[4])
local activeUntil = redis.call('ZSCORE', KEYS[2], ARGV[1])
local admission = redis.call('HGET', KEYS[3], ARGV[1])
if not activeUntil or tonumber(activeUntil) <= tonumber(instant)
  or not admission or string.sub(admission, 1, #ARGV[2] + 1) ~= ARGV[2] .. '|' then
  return {'NOT_ADMITTED'}
end
if redis.call('SADD', KEYS[4], ARGV[1]) == 0 then
  return {'USED'}
end
local freshUntil = math.max(tonumber(activeUntil), tonumber(instant) + tonumber(activeMillis))
-- A buyer with an open hold of an earlier place stays until that hold ends.
for _, heldUntil in ipairs(redis.call('HVALS', KEYS[7])) do
  freshUntil = math.max(freshUntil, tonumber(heldUntil))
end
freshUntil = string.format('%.0f', freshUntil)
redis.call('ZADD', KEYS[2], 'XX', 'GT', freshUntil, ARGV[1])
tell(KEYS[6], 'ENTERED', instant, ARGV[1], '0', ARGV[2], '0', freshUntil)
return {'OK', freshUntil}
