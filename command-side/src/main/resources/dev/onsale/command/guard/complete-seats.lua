-- Declares a rebuilt guard complete, if nothing of it was lost since the rebuild began.
-- KEYS: guard. ARGV: the rebuild's mark, epoch
if redis.call('HGET', KEYS[1], '\trebuild') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], '\tepoch', ARGV[2])
redis.call('HDEL', KEYS[1], '\trebuild')
return 1
