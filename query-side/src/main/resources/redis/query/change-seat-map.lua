-- Moves a seat map from one edition to the next, if it is at the one; says "read the database" if it is at neither.
-- KEYS[1] the map   ARGV[1] facts before  ARGV[2] facts after  ARGV[3] header after  ARGV[4] seconds to keep a bare header
-- ARGV[5..] bit offset and code of each changed seat
-- Answer: 2 moved on, 1 was there already, 0 left as a bare header.
local header_bytes = 16
local length = redis.call('STRLEN', KEYS[1])
local facts = -1
if length >= header_bytes then
    facts = redis.call('BITFIELD', KEYS[1], 'GET', 'i64', 0)[1]
end
if facts >= tonumber(ARGV[2]) then
    return 1
end
if length > header_bytes and facts == tonumber(ARGV[1]) then
    redis.call('SETRANGE', KEYS[1], 0, ARGV[3])
    local fields = { 'BITFIELD', KEYS[1] }
    for i = 5, #ARGV, 2 do
        fields[#fields + 1] = 'SET'
        fields[#fields + 1] = 'u2'
        fields[#fields + 1] = ARGV[i]
        fields[#fields + 1] = ARGV[i + 1]
    end
    if #fields > 2 then
        redis.call(unpack(fields))
    end
    return 2
end
-- The bare header keeps out a reader that is about to fill in an older edition.
redis.call('SET', KEYS[1], ARGV[3], 'EX', ARGV[4])
return 0
