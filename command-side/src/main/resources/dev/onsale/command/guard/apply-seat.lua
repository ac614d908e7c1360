-- Applies one fact of the log to the guard. A fact that is not newer than the last one applied changes nothing.
-- KEYS: seats. ARGV: label, state (A, H or B), reservation, token, until, sequence
local token = tonumber(ARGV[4])
local value = redis.call('HGET', KEYS[1], ARGV[1])
local state, reservation, tillWhen = ARGV[2], ARGV[3], ARGV[5]
if value then
  local s, r, t, u, q = string.match(value, '^(%a)|([^|]*)|(%d+)|(%d+)|(%-?%d+)$')
  if tonumber(q) >= tonumber(ARGV[6]) then return 0 end
  if tonumber(t) > token then token = tonumber(t) end
  -- The end of an old hold must not take away a claim that came after it.
  if state == 'A' and s == 'C' and r ~= reservation then state, reservation, tillWhen = s, r, u end
end
if state == 'A' then reservation, tillWhen = '', '0' end
redis.call('HSET', KEYS[1], ARGV[1], state .. '|' .. reservation .. '|' .. string.format('%d', token) .. '|' .. tillWhen .. '|' .. ARGV[6])
return 1
