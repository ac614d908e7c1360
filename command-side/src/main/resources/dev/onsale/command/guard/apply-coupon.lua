-- Applies one CouponIssued of the log, once. KEYS: coupons, buyers, pending. ARGV: coupon, buyer, rank
if redis.call('ZADD', KEYS[1], 'NX', ARGV[3], ARGV[1]) == 0 then return 0 end
if redis.call('ZREM', KEYS[3], ARGV[1] .. '|' .. ARGV[2]) == 0 then
  redis.call('HINCRBY', KEYS[2], ARGV[2], 1)
end
return 1
