-- Applies one fact of a buyer's allowance, which carries the sum after it; the claim it settles is counted no longer.
-- Seats of a reservation that was given back before the guard heard of its hold are a claim of less than none until the log
-- has given them back too.
-- A guard that is neither complete nor being rebuilt is lost or removed: a rebuild reads the fact from the store.
-- KEYS: guard, mark of the reservation that was given back. ARGV: field of the buyer, reservation, seats in use, sequence, seats that
-- the reservation took
local fields = redis.call('HMGET', KEYS[1], ARGV[1], '\tepoch', '\trebuild')
if not fields[2] and not fields[3] then return 0 end
local value = fields[1]
local claims = ''
if value then
  local known, inUse, pending = string.match(value, '^(%-?%d+)|(%d+)|(.*)$')
  if tonumber(known) >= tonumber(ARGV[4]) then return 0 end
  for r, n, u in string.gmatch(pending, '([^,;]+),(%-?%d+),(%d+);') do
    if r ~= ARGV[2] then claims = claims .. r .. ',' .. n .. ',' .. u .. ';' end
  end
end
if ARGV[5] ~= '0' then
  local untilThen = redis.call('GET', KEYS[2])
  if untilThen then claims = claims .. ARGV[2] .. ',-' .. ARGV[5] .. ',' .. untilThen .. ';' end
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[4] .. '|' .. ARGV[3] .. '|' .. claims)
return 1
