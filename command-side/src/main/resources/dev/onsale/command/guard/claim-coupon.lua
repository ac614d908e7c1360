-- Claims one coupon for one buyer. A claim whose command never came home lapses. SOLD_OUT may be over when claims are given
-- back; EXHAUSTED is over when an operator raises the quantity; CLOSED is for good.
-- KEYS: coupons, buyers, pending, epoch. ARGV: now, claim until, coupon, buyer
local meta = redis.call('GET', KEYS[4])
if not meta then return 'LOST' end
if meta == 'closed' then return 'CLOSED' end
local quantity, maxPerBuyer, closed = string.match(meta, '^(%d+)|(%d+)(|?%a*)$')
if redis.call('ZSCORE', KEYS[1], ARGV[3]) then return 'REPEATED' end
local member = ARGV[3] .. '|' .. ARGV[4]
if redis.call('ZSCORE', KEYS[3], member) then return 'REPEATED' end
if closed ~= '' then return 'CLOSED' end
for _, lapsed in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', ARGV[1], 'LIMIT', 0, 100)) do
  redis.call('ZREM', KEYS[3], lapsed)
  redis.call('HINCRBY', KEYS[2], string.sub(lapsed, 38), -1)
end
if tonumber(redis.call('HGET', KEYS[2], ARGV[4]) or '0') >= tonumber(maxPerBuyer) then return 'ALREADY_ISSUED' end
local issued = redis.call('ZCARD', KEYS[1])
if issued >= tonumber(quantity) then return 'EXHAUSTED' end
if issued + redis.call('ZCARD', KEYS[3]) >= tonumber(quantity) then return 'SOLD_OUT' end
redis.call('ZADD', KEYS[3], ARGV[2], member)
redis.call('HINCRBY', KEYS[2], ARGV[4], 1)
return 'GRANTED'
