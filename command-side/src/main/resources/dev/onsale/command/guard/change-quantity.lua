-- Sets the quantity of a campaign whose guard is complete. KEYS: epoch. ARGV: quantity
local epoch = redis.call('GET', KEYS[1])
local quantity, rest = string.match(epoch or '', '^(%d+)(|.*)$')
if not quantity or quantity == ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1] .. rest)
return 1
