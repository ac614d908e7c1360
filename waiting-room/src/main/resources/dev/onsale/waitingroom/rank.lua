-- Sets the drawn numbers of one batch of the pre-queue.
-- KEYS: room, queue, seen, journal  ARGV: now, fence, first number, buyer, ...
local instant = instantOf(ARGV[1])
local room = redis.call('HMGET', KEYS[1], 'phase', 'shuffleFence')
if room[1] ~= 'SHUFFLING' then
  return {'OVER'}
end
if tonumber(room[2] or '0') > tonumber(ARGV[2]) then
  return {'STALE_LEADER'}
end
redis.call('HSET', KEYS[1], 'shuffleFence', ARGV[2])
for i = 4, #ARGV do
  local number = tonumber(ARGV[3]) + i - 4
  -- Skips buyers who left during the draw.
  if redis.call('ZSCORE', KEYS[2], ARGV[i]) then
    redis.call('ZADD', KEYS[2], 'XX', number, ARGV[i])
    sign(KEYS[3], number, instant)
    tell(KEYS[4], 'RANKED', instant, ARGV[i], number, '-', '0', '0')
  end
end
return {'OK'}
