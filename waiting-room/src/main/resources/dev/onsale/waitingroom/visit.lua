-- Returns the state of a buyer who may not be in the queue.
-- KEYS: room, queue, seen, active, admitted, entered, journal, gone:  ARGV: buyer, now
local instant = instantOf(ARGV[2])
local room = redis.call('HMGET', KEYS[1], 'phase', 'restoredAt', 'journalUntil')
if not room[1] then
  return {'NO_ROOM'}
end
local buyer, now = ARGV[1], tonumber(instant)
local activeUntil = redis.call('ZSCORE', KEYS[4], buyer)
if activeUntil then
  if tonumber(activeUntil) > now then
    return {'ADMITTED', redis.call('ZCARD', KEYS[2]), redis.call('HGET', KEYS[5], buyer),
      redis.call('SISMEMBER', KEYS[6], buyer)}
  end
  expire(KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8], buyer, instant)
end
local number = redis.call('ZSCORE', KEYS[2], buyer)
if number then
  sign(KEYS[3], number, now)
  return {'WAITING', redis.call('ZCARD', KEYS[2]), redis.call('ZRANK', KEYS[2], buyer) + 1, room[1], number}
end
local gone = redis.call('GET', KEYS[8] .. buyer)
if gone then
  return {'GONE', gone}
end
return {'NO_VISITOR', room[2] or '0', room[3] or '0'}
