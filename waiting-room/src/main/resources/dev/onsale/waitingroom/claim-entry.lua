-- Claims an admission token for one of several concurrent attempts.
-- KEYS: room, active, admitted, entered, used  ARGV: buyer, token id, now, milliseconds for the attempt
local instant = instantOf(ARGV[3])
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {'NO_ROOM'}
end
if redis.call('EXISTS', KEYS[5]) == 1 then
  return {'USED'}
end
local activeUntil = redis.call('ZSCORE', KEYS[2], ARGV[1])
if not activeUntil or tonumber(activeUntil) <= tonumber(instant) then
  return {'NOT_ADMITTED'}
end
local admission = redis.call('HGET', KEYS[3], ARGV[1])
if not admission or string.sub(admission, 1, #ARGV[2] + 1) ~= ARGV[2] .. '|' then
  return {'NOT_ADMITTED'}
end
if redis.call('SISMEMBER', KEYS[4], ARGV[1]) == 1 then
  return {'USED'}
end
-- Expires, so that a dead attempt does not lock out its buyer.
redis.call('SET', KEYS[5], ARGV[1], 'PX', ARGV[4])
return {'OK'}
