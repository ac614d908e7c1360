-- Sets what performances have sold within minutes; less than before is older and changes nothing.
-- KEYS[i] the minute   ARGV[1] seconds to keep it  ARGV[2i] seats  ARGV[2i+1] performance
for i = 1, #KEYS do
    redis.call('ZADD', KEYS[i], 'GT', ARGV[2 * i], ARGV[2 * i + 1])
    redis.call('EXPIRE', KEYS[i], ARGV[1])
end
return #KEYS
