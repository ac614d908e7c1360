-- Gives claims of one reservation back; what is held or claimed by now for somebody else stays.
-- KEYS: seats. ARGV: reservation, labels...
for i = 2, #ARGV do
  local value = redis.call('HGET', KEYS[1], ARGV[i])
  if value then
    local s, r, t, u, q = string.match(value, '^(%a)|([^|]*)|(%d+)|(%d+)|(%-?%d+)$')
    if s == 'C' and r == ARGV[1] then
      redis.call('HSET', KEYS[1], ARGV[i], 'A||' .. t .. '|0|' .. q)
    end
  end
end
return 'OK'
