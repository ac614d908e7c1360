-- Applies one fact of the log to the guard. A fact that is not newer than the last one applied changes nothing.
-- A hold whose cancellation was told to the guard before its own fact takes the seat from nobody any more.
-- A guard that is neither complete nor being rebuilt is lost or removed: a rebuild reads the fact from the store.
-- KEYS: seats, mark of the reservation that was given back. ARGV: label, state (A, H, B or X), reservation, token, until, sequence
local token = tonumber(ARGV[4])
local known = redis.call('HMGET', KEYS[1], ARGV[1], '\tepoch', '\trebuild')
if not known[2] and not known[3] then return 0 end
local value = known[1]
local state, reservation, tillWhen = ARGV[2], ARGV[3], ARGV[5]
if state ~= 'A' and state ~= 'X' and redis.call('EXISTS', KEYS[2]) == 1 then state = 'A' end
if value then
  local s, r, t, u, q = string.match(value, '^(%a)|([^|]*)|(%d+)|(%d+)|(%-?%d+)$')
  if tonumber(q) >= tonumber(ARGV[6]) then return 0 end
  if tonumber(t) > token then token = tonumber(t) end
  -- The end of an old hold must not take away a claim that came after it.
  if state == 'A' and s == 'C' and r ~= reservation then state, reservation, tillWhen = s, r, u end
end
if state == 'A' or state == 'X' then reservation, tillWhen = '', '0' end
redis.call('HSET', KEYS[1], ARGV[1], state .. '|' .. reservation .. '|' .. string.format('%d', token) .. '|' .. tillWhen .. '|' .. ARGV[6])
return 1
