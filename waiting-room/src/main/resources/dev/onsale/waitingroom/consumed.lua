-- Stores the next offset of the intake.  KEYS: room  ARGV: field, next offset
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
end
return {'OK'}
