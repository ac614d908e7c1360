-- Renews the lock of a builder.  KEYS: building  ARGV: builder, milliseconds
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return {'LOST'}
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return {'OK'}
