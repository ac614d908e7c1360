-- Changes the settings of a room, not its phase, queue and counters.
-- KEYS: room  ARGV: field, value, ...
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {'NO_ROOM'}
end
redis.call('HSET', KEYS[1], unpack(ARGV))
return {'OK'}
