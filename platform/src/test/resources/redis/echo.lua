if #ARGV == 0 then return redis.error_reply('ERR no arguments') end
return {'ECHO', KEYS[1], tonumber(ARGV[2]), {ARGV[1], 7}}
