-- KEYS: room, queue, active, entered, journal, refusals  ARGV: now
local instant = instantOf(ARGV[1])
local room = redis.call('HMGET', KEYS[1], 'phase', 'control', 'admittedTotal', 'epoch', 'opensAt', 'closesAt',
  'restoredAt', 'journalUntil', 'boundary', 'activeLimit', 'admitPerSecond', 'activeMillis')
if not room[1] then
  return {'NO_ROOM'}
end
return {'OK', room[1], room[2], room[3] or '0', room[4], room[5], room[6], room[7] or '0', room[8] or '0', room[9] or '0',
  room[10], room[11], room[12],
  redis.call('ZCARD', KEYS[2]),
  redis.call('ZCOUNT', KEYS[3], '(' .. instant, '+inf'),
  redis.call('SCARD', KEYS[4]),
  redis.call('XLEN', KEYS[5]),
  redis.call('HGETALL', KEYS[6])}
