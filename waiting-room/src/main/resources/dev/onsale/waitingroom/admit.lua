-- Admits as many as there are free places, in the order of the queue, at most admitPerSecond within one second.
-- KEYS: room, queue, seen, active, admitted, entered  ARGV: now, fence, nonce, silent since
local EXPIRED_MAX, POPPED_MAX, BATCH = 2000, 5000, 500
local room = redis.call('HMGET', KEYS[1],
  'state', 'activeLimit', 'admitPerSecond', 'activeMillis', 'tokenMillis', 'fence', 'second', 'admittedInSecond')
if not room[1] then
  return {'NO_ROOM', 0, 0, 0}
end
local now, fence, silentSince = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[4])
local knownFence = tonumber(room[6] or '0')
if fence < knownFence then
  return {'STALE_LEADER', 0, 0, 0}
end
if fence > knownFence then
  redis.call('HSET', KEYS[1], 'fence', ARGV[2])
end

local expired = 0
while expired < EXPIRED_MAX do
  local gone = redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', ARGV[1], 'LIMIT', 0, BATCH)
  if #gone == 0 then
    break
  end
  redis.call('ZREM', KEYS[4], unpack(gone))
  redis.call('HDEL', KEYS[5], unpack(gone))
  redis.call('SREM', KEYS[6], unpack(gone))
  expired = expired + #gone
end
if room[1] ~= 'OPEN' then
  return {'PAUSED', 0, expired, 0}
end

-- The second belongs to the room, not to the leader: two leaders share one allowance, and a clock that lags behind
-- cannot open a second again. A stored second far ahead is the trace of a wrong clock and would stop the room.
local second, inSecond = math.floor(now / 1000), 0
local storedSecond = tonumber(room[7] or '0')
if storedSecond >= second and storedSecond - second <= 5 then
  second, inSecond = storedSecond, tonumber(room[8])
end
local quota = math.min(tonumber(room[2]) - redis.call('ZCARD', KEYS[4]), tonumber(room[3]) - inSecond)
local activeUntil = string.format('%.0f', now + tonumber(room[4]))
local tokenUntil = string.format('%.0f', now + tonumber(room[5]))
local admitted, popped, silent = 0, 0, 0
while admitted < quota and popped < POPPED_MAX do
  local next = redis.call('ZPOPMIN', KEYS[2], math.min(quota - admitted, BATCH))
  if #next == 0 then
    break
  end
  for i = 1, #next, 2 do
    local buyer = next[i]
    popped = popped + 1
    local seen = redis.call('ZSCORE', KEYS[3], buyer)
    redis.call('ZREM', KEYS[3], buyer)
    if not seen or tonumber(seen) <= silentSince then
      silent = silent + 1
    elseif redis.call('ZADD', KEYS[4], 'NX', activeUntil, buyer) == 1 then
      admitted = admitted + 1
      local number = redis.call('HINCRBY', KEYS[1], 'admittedTotal', 1)
      redis.call('HSET', KEYS[5], buyer, ARGV[3] .. '-' .. number .. '|' .. ARGV[1] .. '|' .. tokenUntil)
    end
  end
end
if admitted > 0 then
  redis.call('HSET', KEYS[1], 'second', second, 'admittedInSecond', inSecond + admitted)
end
return {'OK', admitted, expired, silent}
