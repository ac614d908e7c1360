-- Consumes an admission token. The place starts anew with the entry: it must last as long as choosing and paying may.
-- KEYS: room, active, admitted, entered, used  ARGV: buyer, token id, now, token's remaining milliseconds
local activeMillis = redis.call('HGET', KEYS[1], 'activeMillis')
if not activeMillis then
  return {'NO_ROOM'}
end
if redis.call('EXISTS', KEYS[5]) == 1 then
  return {'USED'}
end
local activeUntil = redis.call('ZSCORE', KEYS[2], ARGV[1])
if not activeUntil or tonumber(activeUntil) <= tonumber(ARGV[3]) then
  return {'NOT_ADMITTED'}
end
local admission = redis.call('HGET', KEYS[3], ARGV[1])
if not admission or string.sub(admission, 1, #ARGV[2] + 1) ~= ARGV[2] .. '|' then
  return {'NOT_ADMITTED'}
end
redis.call('SET', KEYS[5], ARGV[1], 'PX', ARGV[4])
local freshUntil = string.format('%.0f', tonumber(ARGV[3]) + tonumber(activeMillis))
redis.call('ZADD', KEYS[2], 'XX', 'GT', freshUntil, ARGV[1])
redis.call('SADD', KEYS[4], ARGV[1])
return {'OK', string.format('%.0f', math.max(tonumber(activeUntil), tonumber(freshUntil)))}
