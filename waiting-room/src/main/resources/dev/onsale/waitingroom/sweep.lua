-- Removes the silent visitors of one batch of numbers. Returns the start of the next batch, 0 at the end.
-- KEYS: room, queue, seen, journal, gone:  ARGV: now, milliseconds of silence, numbers in a batch, first number
local instant = instantOf(ARGV[1])
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {0, 0}
end
local closesAt = tonumber(redis.call('HGET', KEYS[1], 'closesAt') or '0')
local over = closesAt > 0 and tonumber(instant) >= closesAt
local served = servedFor(KEYS[1], instant)
local next = redis.call('ZRANGEBYSCORE', KEYS[2], ARGV[4], '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
if #next == 0 then
  return {0, 0}
end
local from, stretch = tonumber(next[2]), tonumber(ARGV[3])
local visitors = redis.call('ZRANGEBYSCORE', KEYS[2], from, '(' .. (from + stretch), 'WITHSCORES')
local ticks = redis.call('GETRANGE', KEYS[3], from * 4, (from + stretch) * 4 - 1)
local gone = {}
for i = 1, #visitors, 2 do
  local at = (tonumber(visitors[i + 1]) - from) * 4 + 1
  local tick = at + 3 <= #ticks and struct.unpack('>I4', ticks, at) or 0
  if over or math.min(silence(tick, instant), served) >= tonumber(ARGV[2]) then
    local reason = over and 'SALE_CLOSED' or 'SILENT'
    gone[#gone + 1] = visitors[i]
    tell(KEYS[4], over and 'LEFT' or 'SILENT', instant, visitors[i], visitors[i + 1], reason, '0', '0')
    remember(KEYS[5], visitors[i], 'LEFT', reason, instant)
  end
end
if #gone > 0 then
  redis.call('ZREM', KEYS[2], unpack(gone))
end
return {#gone, from + stretch}
