-- Opens a room or changes its settings. The queue and the state of a room that exists are left as they are.
-- KEYS: room  ARGV: activeLimit, admitPerSecond, activeMillis, tokenMillis, 'keep' (an existing room stays as it is) | 'change'
local exists = redis.call('EXISTS', KEYS[1])
if exists == 1 and ARGV[5] == 'keep' then
  return {'KEPT'}
end
redis.call('HSET', KEYS[1],
  'activeLimit', ARGV[1], 'admitPerSecond', ARGV[2], 'activeMillis', ARGV[3], 'tokenMillis', ARGV[4])
if exists == 1 then
  return {'CHANGED'}
end
redis.call('HSET', KEYS[1], 'state', 'OPEN')
return {'OPENED'}
