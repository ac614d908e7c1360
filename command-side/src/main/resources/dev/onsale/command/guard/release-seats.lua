-- Gives seats of one reservation back; what is held or claimed by now for somebody else stays. Of a refused command only its
-- claims are given back, of a cancelled reservation everything. The buyer may use what is given back at once: until the log
-- says so too, seats that the buyer's count still has are a claim of less than none. The log may not even have told of the hold:
-- a mark remembers for a while that it is over. Of 'some' seats there is no mark, because the reservation keeps the others.
-- KEYS: guard, mark of the reservation that was given back. ARGV: 'claims', 'all' or 'some', reservation, field of the buyer, until when
-- the log is waited for, how many milliseconds that is, labels...
if ARGV[1] == 'all' then redis.call('SET', KEYS[2], ARGV[4], 'PX', ARGV[5]) end
local values = redis.call('HMGET', KEYS[1], ARGV[3], unpack(ARGV, 6))
local writes, held = {}, 0
for i = 6, #ARGV do
  local value = values[i - 4]
  if value then
    local s, r, t, u, q = string.match(value, '^(%a)|([^|]*)|(%d+)|(%d+)|(%-?%d+)$')
    if r == ARGV[2] and (s == 'C' or (ARGV[1] ~= 'claims' and s ~= 'A')) then
      if s ~= 'C' then held = held + 1 end
      writes[#writes + 1] = ARGV[i]
      writes[#writes + 1] = 'A||' .. t .. '|0|' .. q
    end
  end
end
if values[1] then
  local known, inUse, pending = string.match(values[1], '^(%-?%d+)|(%d+)|(.*)$')
  local claims = ''
  for r, n, u in string.gmatch(pending, '([^,;]+),(%-?%d+),(%d+);') do
    if r ~= ARGV[2] then claims = claims .. r .. ',' .. n .. ',' .. u .. ';' end
  end
  if held > 0 then claims = claims .. ARGV[2] .. ',-' .. held .. ',' .. ARGV[4] .. ';' end
  if known == '-1' and claims == '' then
    redis.call('HDEL', KEYS[1], ARGV[3])
  else
    writes[#writes + 1] = ARGV[3]
    writes[#writes + 1] = known .. '|' .. inUse .. '|' .. claims
  end
end
if #writes > 0 then redis.call('HSET', KEYS[1], unpack(writes)) end
return 'OK'
