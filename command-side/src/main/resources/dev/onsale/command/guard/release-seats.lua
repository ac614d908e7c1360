-- Gives seats of one reservation back; what is held or claimed by now for somebody else stays. Of a refused command only its
-- claims are given back, of a cancelled reservation everything.
-- KEYS: seats. ARGV: 'claims' or 'all', reservation, labels...
for i = 3, #ARGV do
  local value = redis.call('HGET', KEYS[1], ARGV[i])
  if value then
    local s, r, t, u, q = string.match(value, '^(%a)|([^|]*)|(%d+)|(%d+)|(%-?%d+)$')
    if r == ARGV[2] and (s == 'C' or (ARGV[1] == 'all' and s ~= 'A')) then
      redis.call('HSET', KEYS[1], ARGV[i], 'A||' .. t .. '|0|' .. q)
    end
  end
end
return 'OK'
