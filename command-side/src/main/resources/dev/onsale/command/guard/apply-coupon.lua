-- Applies one CouponIssued of the log, once. A guard that is neither complete nor being rebuilt is lost or removed: a rebuild reads
-- the fact from the store. KEYS: coupons, buyers, pending, epoch, rebuild. ARGV: coupon, buyer, rank
if redis.call('EXISTS', KEYS[4], KEYS[5]) == 0 or redis.call('GET', KEYS[4]) == 'closed' then return 0 end
if redis.call('ZADD', KEYS[1], 'NX', ARGV[3], ARGV[1]) == 0 then return 0 end
if redis.call('ZREM', KEYS[3], ARGV[1] .. '|' .. ARGV[2]) == 0 then
  redis.call('HINCRBY', KEYS[2], ARGV[2], 1)
end
return 1
