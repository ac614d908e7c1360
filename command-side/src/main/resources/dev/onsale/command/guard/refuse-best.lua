-- The writer has refused a quantity: it and more are refused for a while. The reservation holds nothing.
-- KEYS: refused quantities by category, mark of the reservation. ARGV: category, quantity, milliseconds
redis.call('DEL', KEYS[2])
local known = redis.call('HGET', KEYS[1], ARGV[1])
if not known or tonumber(known) > tonumber(ARGV[2]) then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 'OK'
