-- Opens the sale after the draw.
-- KEYS: room, journal  ARGV: now, fence, how many were drawn
local instant = instantOf(ARGV[1])
local room = redis.call('HMGET', KEYS[1], 'phase', 'shuffleFence')
if room[1] ~= 'SHUFFLING' then
  return {'OVER'}
end
if tonumber(room[2] or '0') > tonumber(ARGV[2]) then
  return {'STALE_LEADER'}
end
redis.call('HSET', KEYS[1], 'phase', 'OPEN')
tell(KEYS[2], 'OPENED', instant, '-', ARGV[3], '-', '0', '0')
return {'OK'}
