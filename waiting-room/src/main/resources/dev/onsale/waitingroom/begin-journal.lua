-- Continues the journal after its last entry, even if the clock of this Redis is behind that of the former one.
-- KEYS: building, journal  ARGV: builder, first identifier, entry
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return {'LOST'}
end
redis.call('XADD', KEYS[2], ARGV[2], 'e', ARGV[3])
return {'OK'}
