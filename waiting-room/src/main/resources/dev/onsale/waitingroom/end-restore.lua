-- Makes the restored room visible.
-- KEYS: building, room, sequence  ARGV: builder, last number, field, value, ...
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return {'LOST'}
end
redis.call('SET', KEYS[3], ARGV[2])
redis.call('HSET', KEYS[2], unpack(ARGV, 3))
redis.call('DEL', KEYS[1])
return {'OK'}
