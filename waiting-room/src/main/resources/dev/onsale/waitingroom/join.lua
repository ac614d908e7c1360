-- Joins at the end of the queue, or keeps the place that the buyer has. Also a sign of life. With 'check' it gives no
-- place: it returns MAY_JOIN if a place would be given, and reserves the proof of work for the buyer.
-- KEYS: room, sequence, queue, seen, active, admitted, entered, journal, gone:, joins of the address, proof of work, refusals
-- ARGV: buyer, now, waitingMax, backlogMax, address known 0 | 1, milliseconds to keep a proof of work, 0 for none,
--       'join' | 'check'
local instant = instantOf(ARGV[2])
local room = redis.call('HMGET', KEYS[1], 'phase', 'control', 'preQueueOpensAt', 'opensAt', 'closesAt',
  'joinsPerAddress', 'addressMillis', 'proofOfWork')
if not room[1] then
  return {'NO_ROOM'}
end
local buyer, now = ARGV[1], tonumber(instant)
local activeUntil = redis.call('ZSCORE', KEYS[5], buyer)
if activeUntil then
  if tonumber(activeUntil) > now then
    return {'ADMITTED', redis.call('ZCARD', KEYS[3]), redis.call('HGET', KEYS[6], buyer),
      redis.call('SISMEMBER', KEYS[7], buyer)}
  end
  expire(KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9], buyer, instant)
end
if room[1] == 'PRE_QUEUE' and now >= tonumber(room[4]) then
  closePreQueue(KEYS[1], KEYS[2], KEYS[8], instant)
  room[1] = 'SHUFFLING'
end
local number = redis.call('ZSCORE', KEYS[3], buyer)
if number then
  sign(KEYS[4], number, now)
  return {'WAITING', redis.call('ZCARD', KEYS[3]), redis.call('ZRANK', KEYS[3], buyer) + 1, room[1], number}
end

local function refuse(reason, millis)
  redis.call('HINCRBY', KEYS[12], reason, 1)
  return {reason, millis or 0}
end
if now < tonumber(room[3]) then
  return refuse('TOO_EARLY', tonumber(room[3]) - now)
end
if tonumber(room[5]) > 0 and now >= tonumber(room[5]) then
  return refuse('CLOSED')
end
if room[2] == 'DRAINING' then
  return refuse('DRAINING')
end
local waiting = redis.call('ZCARD', KEYS[3])
if waiting >= tonumber(ARGV[3]) then
  return refuse('FULL')
end
local checks = ARGV[7] == 'check'
-- A delayed journal refuses only joins that get a place now.
if not checks and redis.call('XLEN', KEYS[8]) >= tonumber(ARGV[4]) then
  return refuse('JOURNAL_BEHIND')
end
if tonumber(room[8]) > 0 then
  if ARGV[6] == '0' then
    return refuse('PROOF_OF_WORK_MISSING')
  end
  local reserved = 'reserved ' .. buyer
  local shown = redis.call('GET', KEYS[11])
  if shown and shown ~= reserved then
    return refuse('PROOF_OF_WORK_USED')
  end
  redis.call('SET', KEYS[11], checks and reserved or buyer, 'PX', ARGV[6])
end
if checks then
  return {'MAY_JOIN'}
end
if tonumber(room[6]) > 0 and ARGV[5] == '1' then
  local joins = redis.call('INCR', KEYS[10])
  if joins == 1 then
    redis.call('PEXPIRE', KEYS[10], room[7])
  end
  if joins > tonumber(room[6]) then
    return refuse('ADDRESS_LIMIT', redis.call('PTTL', KEYS[10]))
  end
end
-- A counter keeps the order within one millisecond and between nodes with different clocks.
number = redis.call('INCR', KEYS[2])
redis.call('ZADD', KEYS[3], number, buyer)
sign(KEYS[4], number, now)
tell(KEYS[8], 'JOINED', instant, buyer, number, '-', '0', '0')
redis.call('DEL', KEYS[9] .. buyer)
return {'WAITING', waiting + 1, redis.call('ZRANK', KEYS[3], buyer) + 1, room[1], number}
