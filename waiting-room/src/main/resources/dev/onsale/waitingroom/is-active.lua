-- KEYS: active, entered  ARGV: buyer, now
local activeUntil = redis.call('ZSCORE', KEYS[1], ARGV[1])
if activeUntil and tonumber(activeUntil) > tonumber(ARGV[2]) and redis.call('SISMEMBER', KEYS[2], ARGV[1]) == 1 then
  return {1}
end
return {0}
