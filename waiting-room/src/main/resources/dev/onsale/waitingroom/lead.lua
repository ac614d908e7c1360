-- Acquires or renews the lead. Returns the fencing token, 0 if another node leads.
-- KEYS: lock, fence  ARGV: node, milliseconds, now
local instant = instantOf(ARGV[3])
local holder = redis.call('GET', KEYS[1])
if holder == ARGV[1] then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return {redis.call('GET', KEYS[2]) or '0'}
end
if holder then
  return {'0'}
end
-- At least the time, so that a lost counter does not start below the tokens that rooms have seen.
local fence = string.format('%.0f', math.max(tonumber(redis.call('GET', KEYS[2]) or '0') + 1, tonumber(instant)))
redis.call('SET', KEYS[2], fence)
redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2])
return {fence}
