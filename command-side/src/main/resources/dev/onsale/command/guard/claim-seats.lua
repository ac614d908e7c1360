-- Claims all seats of one reservation or none. Values are state|reservation|token|until|sequence with state
-- A(vailable), C(laimed: a command is on its way), H(eld) or B(ooked); the sequence is that of the last fact applied.
-- KEYS: seats, epoch. ARGV: now, claim until, reservation, labels...
if redis.call('EXISTS', KEYS[2]) == 0 then return {'LOST'} end
local now, claimUntil, reservation = tonumber(ARGV[1]), ARGV[2], ARGV[3]
local labels = {}
for i = 4, #ARGV do labels[#labels + 1] = ARGV[i] end
local values = redis.call('HMGET', KEYS[1], unpack(labels))
local answer, writes = {'GRANTED'}, {}
for i, label in ipairs(labels) do
  local token, sequence, mine = 0, -1, false
  if values[i] then
    local s, r, t, u, q = string.match(values[i], '^(%a)|([^|]*)|(%d+)|(%d+)|(%-?%d+)$')
    token, sequence = tonumber(t), q
    if s ~= 'A' and r == reservation then
      mine = true
    elseif s == 'B' or (s ~= 'A' and tonumber(u) > now) then
      return {'TAKEN', label}
    end
    mine = mine and s ~= 'C'
    if s == 'C' and r == reservation then token = token - 1 end
  end
  if mine then
    answer[#answer + 1] = tostring(token)
  else
    local granted = string.format('%d', token + 1)
    answer[#answer + 1] = granted
    writes[#writes + 1] = label
    writes[#writes + 1] = 'C|' .. reservation .. '|' .. granted .. '|' .. claimUntil .. '|' .. sequence
  end
end
if #writes > 0 then redis.call('HSET', KEYS[1], unpack(writes)) end
return answer
