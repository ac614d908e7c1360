-- Whether a request for the best seats goes on to the writer. Refused is who asks for as many seats as the writer has just
-- refused and has nothing of this performance. A request that went on once goes on again: its seats may be held.
-- KEYS: guard, refused quantities by category, mark of the reservation. ARGV: field of the buyer, category, quantity,
-- milliseconds of the mark
if redis.call('EXISTS', KEYS[3]) == 1 then return 'PASS' end
local refused = redis.call('HGET', KEYS[2], ARGV[2])
if refused and tonumber(refused) <= tonumber(ARGV[3]) and redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then
  return 'NOT_ENOUGH'
end
redis.call('SET', KEYS[3], '1', 'PX', ARGV[4])
return 'PASS'
