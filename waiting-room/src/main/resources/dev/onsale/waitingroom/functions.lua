-- Functions that several scripts use.

-- Current time in milliseconds, by the clock of Redis. Tests pass their own.
local function instantOf(argument)
  if argument ~= 'redis' then
    return argument
  end
  local time = redis.call('TIME')
  return string.format('%.0f', tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000))
end

-- One entry of the journal: kind, time, buyer, number, detail, end of the token, end of the place.
local function tell(journal, ...)
  redis.call('XADD', journal, '*', 'e', table.concat({...}, ' '))
end

local GONE_MILLIS = 600000

-- Stores for a while why a place has ended, for the next poll.
local function remember(gonePrefix, buyer, state, reason, now)
  redis.call('SET', gonePrefix .. buyer, state .. ' ' .. reason .. ' ' .. now, 'PX', GONE_MILLIS)
end

-- Ends an expired place.
local function expire(active, admitted, entered, journal, gonePrefix, buyer, now)
  redis.call('ZREM', active, buyer)
  redis.call('HDEL', admitted, buyer)
  local reason = redis.call('SREM', entered, buyer) == 1 and 'UNFINISHED' or 'UNUSED'
  tell(journal, 'EXPIRED', now, buyer, '0', reason, '0', '0')
  remember(gonePrefix, buyer, 'EXPIRED', reason, now)
end

-- Signs of life: 32 bits per visitor number, milliseconds modulo 2^32.
local function sign(seen, number, now)
  redis.call('BITFIELD', seen, 'SET', 'u32', '#' .. number, tonumber(now) % 4294967296)
end

-- Milliseconds since a sign of life. A future one comes from a node with a fast clock.
local function silence(tick, now)
  local age = (tonumber(now) - tick) % 4294967296
  if age > 2147483648 then
    return 0
  end
  return age
end

-- A leader visits each room several times a second. A longer pause means an outage, in which nobody could poll.
local OUTAGE_MILLIS = 10000

-- Records that the room is served. Returns the milliseconds since the end of the last outage.
local function servedFor(room, now)
  local known = redis.call('HMGET', room, 'servedAt', 'returnedAt')
  local servedAt, at = tonumber(known[1] or '0'), tonumber(now)
  local returnedAt = tonumber(known[2] or '0')
  if at - servedAt > OUTAGE_MILLIS then
    returnedAt = at
    redis.call('HSET', room, 'servedAt', now, 'returnedAt', now)
  elseif at - servedAt > 1000 then
    redis.call('HSET', room, 'servedAt', now)
  end
  return at - returnedAt
end

local function closePreQueue(room, sequence, journal, now)
  local boundary = redis.call('GET', sequence) or '0'
  redis.call('HSET', room, 'phase', 'SHUFFLING', 'boundary', boundary)
  tell(journal, 'PRE_QUEUE_CLOSED', now, '-', boundary, '-', '0', '0')
end
