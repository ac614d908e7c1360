-- KEYS: room, active, entered  ARGV: buyer, now
local instant = instantOf(ARGV[2])
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {-1}
end
local activeUntil = redis.call('ZSCORE', KEYS[2], ARGV[1])
if activeUntil and tonumber(activeUntil) > tonumber(instant) and redis.call('SISMEMBER', KEYS[3], ARGV[1]) == 1 then
  return {1}
end
return {0}
