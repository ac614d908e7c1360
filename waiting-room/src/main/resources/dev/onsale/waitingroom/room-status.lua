-- KEYS: room, queue, active, entered  ARGV: now
local room = redis.call('HMGET', KEYS[1],
  'state', 'activeLimit', 'admitPerSecond', 'activeMillis', 'tokenMillis', 'admittedTotal')
if not room[1] then
  return {'NO_ROOM'}
end
return {'OK', room[1], room[2], room[3], room[4], room[5], room[6] or '0',
  redis.call('ZCARD', KEYS[2]),
  redis.call('ZCOUNT', KEYS[3], '(' .. ARGV[1], '+inf'),
  redis.call('SCARD', KEYS[4])}
