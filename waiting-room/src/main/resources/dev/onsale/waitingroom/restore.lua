-- Restores one batch of visitors, reservations or journal entries.
-- KEYS: building, queue, seen, active, admitted, entered, journal, holds:
-- ARGV: builder, milliseconds, now, 'waiting', number, buyer, ...
--       or 'places', buyer, end, admission, entered 0 | 1, ...  or 'journal', entry, ...
--       or 'holds', buyer, reservation, end of the hold or 0, milliseconds to keep it, ...
local instant = instantOf(ARGV[3])
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return {'LOST'}
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
if ARGV[4] == 'waiting' then
  redis.call('ZADD', KEYS[2], unpack(ARGV, 5))
  for i = 5, #ARGV, 2 do
    sign(KEYS[3], ARGV[i], instant)
  end
elseif ARGV[4] == 'places' then
  for i = 5, #ARGV, 4 do
    redis.call('ZADD', KEYS[4], ARGV[i + 1], ARGV[i])
    redis.call('HSET', KEYS[5], ARGV[i], ARGV[i + 2])
    if ARGV[i + 3] == '1' then
      redis.call('SADD', KEYS[6], ARGV[i])
    end
  end
elseif ARGV[4] == 'holds' then
  for i = 5, #ARGV, 4 do
    redis.call('HSET', KEYS[8] .. ARGV[i], ARGV[i + 1], ARGV[i + 2])
    redis.call('PEXPIRE', KEYS[8] .. ARGV[i], ARGV[i + 3])
  end
else
  for i = 5, #ARGV do
    redis.call('XADD', KEYS[7], '*', 'e', ARGV[i])
  end
end
return {'OK'}
