-- Declares a rebuilt guard complete, if nothing of it was lost since the rebuild began.
-- KEYS: rebuild, epoch. ARGV: the rebuild's mark, epoch
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[2])
redis.call('DEL', KEYS[1])
return 1
