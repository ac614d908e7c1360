-- Admits visitors to the free places in the order of the queue, within the limit per second.
-- KEYS: room, queue, seen, active, admitted, entered, journal, gone:, sequence
-- ARGV: now, fence, nonce, milliseconds of silence, admissions per second as the autopilot has it
local instant = instantOf(ARGV[1])
local EXPIRED_MAX, POPPED_MAX, BATCH = 2000, 5000, 500
local room = redis.call('HMGET', KEYS[1], 'control', 'activeLimit', 'admitPerSecond', 'activeMillis', 'tokenMillis',
  'fence', 'second', 'admittedInSecond', 'phase', 'opensAt', 'closesAt')
if not room[1] then
  return {'NO_ROOM', 0, 0, 0}
end
local now, fence, silentAfter = tonumber(instant), tonumber(ARGV[2]), tonumber(ARGV[4])
local knownFence = tonumber(room[6] or '0')
if fence < knownFence then
  return {'STALE_LEADER', 0, 0, 0}
end
if fence > knownFence then
  redis.call('HSET', KEYS[1], 'fence', ARGV[2])
end

local served = servedFor(KEYS[1], instant)
local expired = 0
while expired < EXPIRED_MAX do
  local gone = redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', instant, 'LIMIT', 0, BATCH)
  if #gone == 0 then
    break
  end
  for i = 1, #gone do
    expire(KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8], gone[i], instant)
  end
  expired = expired + #gone
end
if room[9] == 'PRE_QUEUE' and now >= tonumber(room[10]) then
  closePreQueue(KEYS[1], KEYS[9], KEYS[7], instant)
  room[9] = 'SHUFFLING'
end
if room[9] ~= 'OPEN' then
  return {room[9], 0, expired, 0}
end
if tonumber(room[11]) > 0 and now >= tonumber(room[11]) then
  return {'CLOSED', 0, expired, 0}
end
if room[1] == 'PAUSED' then
  return {'PAUSED', 0, expired, 0}
end

-- The current second is stored in the room, so two leaders share one limit and a late clock cannot reopen a second.
-- A stored second far in the future comes from a wrong clock and would stop the room.
local second, inSecond = math.floor(now / 1000), 0
local storedSecond = tonumber(room[7] or '0')
if storedSecond >= second and storedSecond - second <= 5 then
  second, inSecond = storedSecond, tonumber(room[8])
end
local perSecond = math.min(tonumber(room[3]), tonumber(ARGV[5]))
local quota = math.min(tonumber(room[2]) - redis.call('ZCARD', KEYS[4]), perSecond - inSecond)
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
    local tick = redis.call('BITFIELD', KEYS[3], 'GET', 'u32', '#' .. next[i + 1])[1]
    if math.min(silence(tick, now), served) >= silentAfter then
      silent = silent + 1
      tell(KEYS[7], 'SILENT', instant, buyer, next[i + 1], '-', '0', '0')
      remember(KEYS[8], buyer, 'LEFT', 'SILENT', instant)
    elseif redis.call('ZADD', KEYS[4], 'NX', activeUntil, buyer) == 1 then
      admitted = admitted + 1
      local number = redis.call('HINCRBY', KEYS[1], 'admittedTotal', 1)
      local id = ARGV[3] .. '-' .. number
      redis.call('HSET', KEYS[5], buyer, id .. '|' .. instant .. '|' .. tokenUntil)
      tell(KEYS[7], 'ADMITTED', instant, buyer, number, id, tokenUntil, activeUntil)
    end
  end
end
if admitted > 0 then
  redis.call('HSET', KEYS[1], 'second', second, 'admittedInSecond', inSecond + admitted)
end
return {'OK', admitted, expired, silent}
