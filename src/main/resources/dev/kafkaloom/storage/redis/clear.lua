-- ARGV: '1' for what is leased only, channel, tag. Throws away; all leases become void. Answers how many records. The mark stays.
local gone = tonumber(field('leased')) or 0
if ARGV[1] == '1' then
    for _, seq in ipairs(redis.call('HKEYS', processing)) do
        drop(seq)
    end
else
    redis.call('DEL', unreadable)
    gone = gone + (tonumber(field('pending')) or 0)
    redis.call('DEL', pending, data, tries, acked)
    redis.call('HSET', meta, 'pending', 0, 'bytes', 0)
end
redis.call('DEL', processing)
redis.call('HSET', meta, 'leased', 0)
redis.call('HINCRBY', meta, 'generation', 1)
changed()
redis.call('PUBLISH', ARGV[2], ARGV[3])
return {gone}
