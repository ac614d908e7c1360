-- KEYS: room  ARGV: OPEN | PAUSED
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {'NO_ROOM'}
end
redis.call('HSET', KEYS[1], 'state', ARGV[1])
return {'OK'}
