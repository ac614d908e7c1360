-- KEYS: people who have a coupon, count. ARGV: person, quantity. Returns a code and the rank.
if redis.call('SISMEMBER', KEYS[1], ARGV[1]) == 1 then
  return {'ALREADY_ISSUED', 0}
end
local rank = tonumber(redis.call('GET', KEYS[2]) or '0') + 1
if rank > tonumber(ARGV[2]) then
  return {'SOLD_OUT', 0}
end
redis.call('SET', KEYS[2], rank)
redis.call('SADD', KEYS[1], ARGV[1])
return {'ISSUED', rank}
