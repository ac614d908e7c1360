-- Claims all seats of one reservation or none. Every field of the guard is read by one call and written by another.
-- A seat is state|reservation|token|until|sequence with state A(vailable), C(laimed: a command is on its way), H(eld),
-- B(ooked) or X (blocked); the sequence is that of the last fact applied. A buyer is sequence|seats in use|claims, a claim is
-- reservation,seats,until; and counts until the log knows it, it is given back, or it lapses.
-- KEYS: guard. ARGV: now, claim until, reservation, field of the buyer, seats per buyer, labels...
local seats = #ARGV - 5
local values = redis.call('HMGET', KEYS[1], '\tepoch', ARGV[4], unpack(ARGV, 6))
if not values[1] then return 'LOST' end
local now, reservation, answer = tonumber(ARGV[1]), ARGV[3], 'G'
local writes, claimed, lapsedHold = {}, 0, false
for i = 1, seats do
  local value, token, sequence, held = values[i + 2], 1, '-1', false
  if value then
    local s, r, t, u, q = string.match(value, '^(%a)|([^|]*)|(%d+)|(%d+)|(%-?%d+)$')
    token, sequence = t + 1, q
    if s == 'X' then return 'B|' .. i end
    if s ~= 'A' then
      if r == reservation then
        token, held = tonumber(t), s ~= 'C'
      elseif s == 'B' or tonumber(u) > now then
        return 'T|' .. i
      elseif s == 'H' then
        lapsedHold = true
      end
    end
  end
  local granted = string.format('%d', token)
  answer = answer .. '|' .. granted
  if not held then
    claimed = claimed + 1
    writes[2 * claimed - 1] = ARGV[i + 5]
    writes[2 * claimed] = 'C|' .. reservation .. '|' .. granted .. '|' .. ARGV[2] .. '|' .. sequence
  end
end
if claimed == 0 then return answer end
local known, inUse, claims = '-1', 0, ''
if values[2] then
  local q, n, pending = string.match(values[2], '^(%-?%d+)|(%d+)|(.*)$')
  known, inUse = q, tonumber(n)
  for r, n, u in string.gmatch(pending, '([^,;]+),(%-?%d+),(%d+);') do
    if r ~= reservation and tonumber(u) > now then
      claims = claims .. r .. ',' .. n .. ',' .. u .. ';'
      claimed = claimed + n
    end
  end
end
-- A hold that has just lapsed may be the buyer's own and still be counted: the allowance itself decides.
if not lapsedHold and inUse + claimed > tonumber(ARGV[5]) then
  return 'X|' .. string.format('%d', inUse + claimed - #writes / 2)
end
claims = claims .. reservation .. ',' .. #writes / 2 .. ',' .. ARGV[2] .. ';'
writes[#writes + 1] = ARGV[4]
writes[#writes + 1] = known .. '|' .. inUse .. '|' .. claims
redis.call('HSET', KEYS[1], unpack(writes))
return answer
