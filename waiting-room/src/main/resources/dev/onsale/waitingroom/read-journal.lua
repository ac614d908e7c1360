-- Returns the epoch of the room and the oldest entries that are not in the database yet.
-- KEYS: room, journal  ARGV: entries at most
local answer = {redis.call('HGET', KEYS[1], 'epoch') or '0'}
for _, entry in ipairs(redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', ARGV[1])) do
  answer[#answer + 1] = entry[1]
  answer[#answer + 1] = entry[2][2]
end
return answer
