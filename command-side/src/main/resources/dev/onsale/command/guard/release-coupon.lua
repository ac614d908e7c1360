-- Gives a claim back whose command was refused. KEYS: buyers, pending. ARGV: coupon, buyer
if redis.call('ZREM', KEYS[2], ARGV[1] .. '|' .. ARGV[2]) == 1 then
  redis.call('HINCRBY', KEYS[1], ARGV[2], -1)
end
return 'OK'
