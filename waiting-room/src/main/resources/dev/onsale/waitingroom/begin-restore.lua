-- Locks a lost room for one node. Until the room exists nobody can join, poll or be admitted.
-- KEYS: room, building, queue, seen, active, admitted, entered, sequence, journal, refusals
-- ARGV: builder, milliseconds, epoch of the database
local epoch = redis.call('HGET', KEYS[1], 'epoch')
if epoch and tonumber(epoch) >= tonumber(ARGV[3]) then
  return {'THERE'}
end
if not redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then
  return {'BUSY'}
end
-- UNLINK frees the memory of a large room in the background.
redis.call('UNLINK', KEYS[1], unpack(KEYS, 3, 9))
return {'OK'}
