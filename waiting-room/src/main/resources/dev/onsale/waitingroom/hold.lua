-- Records an open reservation. The place of the buyer lasts at least until the end of the hold.
-- KEYS: room, active, journal, holds of the buyer  ARGV: buyer, reservation, milliseconds that the hold lasts,
-- now, milliseconds to keep it
local instant = instantOf(ARGV[4])
local heldUntil = string.format('%.0f', tonumber(instant) + tonumber(ARGV[3]))
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {'NO_ROOM'}
end
-- 0 marks an ended reservation. It stays ended if its hold is reported late or again.
if redis.call('HSETNX', KEYS[4], ARGV[2], heldUntil) == 0 then
  return {'NOTHING'}
end
if redis.call('PTTL', KEYS[4]) < tonumber(ARGV[5]) then
  redis.call('PEXPIRE', KEYS[4], ARGV[5])
end
local activeUntil = redis.call('ZSCORE', KEYS[2], ARGV[1])
if activeUntil and tonumber(activeUntil) > tonumber(instant) then
  redis.call('ZADD', KEYS[2], 'XX', 'GT', heldUntil, ARGV[1])
end
tell(KEYS[3], 'HELD', instant, ARGV[1], '0', ARGV[2], '0', heldUntil)
return {'OK'}
