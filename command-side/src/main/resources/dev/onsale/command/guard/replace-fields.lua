-- Writes fields, all or none, if each is still what the caller read. An empty value stands for a field that is not there.
-- KEYS: guard. ARGV: field, expected, new, field, expected, new...
local fields, writes, gone = {}, {}, {}
for i = 1, #ARGV, 3 do fields[#fields + 1] = ARGV[i] end
local values = redis.call('HMGET', KEYS[1], unpack(fields))
for i, field in ipairs(fields) do
  if (values[i] or '') ~= ARGV[3 * i - 1] then return 0 end
  if ARGV[3 * i] == '' then
    gone[#gone + 1] = field
  else
    writes[#writes + 1] = field
    writes[#writes + 1] = ARGV[3 * i]
  end
end
if #writes > 0 then redis.call('HSET', KEYS[1], unpack(writes)) end
if #gone > 0 then redis.call('HDEL', KEYS[1], unpack(gone)) end
return 1
