-- Puts a map that was read from the database in place of none or of an older one.
-- KEYS[1] the map   ARGV[1] its facts  ARGV[2] the map  ARGV[3] seconds to keep it
-- Answer: 1 stored, 0 there is a newer one.
local header_bytes = 16
local length = redis.call('STRLEN', KEYS[1])
if length >= header_bytes then
    local facts = redis.call('BITFIELD', KEYS[1], 'GET', 'i64', 0)[1]
    if facts > tonumber(ARGV[1]) then
        return 0
    end
end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1
