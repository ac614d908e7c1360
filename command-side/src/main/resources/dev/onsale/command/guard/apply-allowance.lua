-- Applies one fact of a buyer's allowance, which carries the sum after it; the claim it settles is counted no longer.
-- KEYS: guard. ARGV: field of the buyer, reservation, seats in use, sequence
local value = redis.call('HGET', KEYS[1], ARGV[1])
local claims = ''
if value then
  local known, inUse, pending = string.match(value, '^(%-?%d+)|(%d+)|(.*)$')
  if tonumber(known) >= tonumber(ARGV[4]) then return 0 end
  for r, n, u in string.gmatch(pending, '([^,;]+),(%-?%d+),(%d+);') do
    if r ~= ARGV[2] then claims = claims .. r .. ',' .. n .. ',' .. u .. ';' end
  end
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[4] .. '|' .. ARGV[3] .. '|' .. claims)
return 1
