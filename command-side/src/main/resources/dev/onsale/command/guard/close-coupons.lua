-- Marks a complete guard of a campaign as closed. KEYS: epoch
local epoch = redis.call('GET', KEYS[1])
if not epoch or not string.match(epoch, '^%d+|%d+$') then return 0 end
redis.call('SET', KEYS[1], epoch .. '|closed')
return 1
