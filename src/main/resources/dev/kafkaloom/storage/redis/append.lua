-- ARGV: process, expected mark, new mark, channel, tag, then of each element: records, first, next, timestamp, bytes
-- Answers {1, pending, leased, version}, or {0, mark} when the mark is another one, or {-1, owner} when somebody else may append.
local owner = field('owner')
if owner ~= '' and owner ~= ARGV[1] then
    return {-1, owner}
end
local mark = field('mark')
if mark ~= ARGV[2] then
    return {0, mark}
end
local records, bytes = 0, 0
for i = 6, #ARGV, 5 do
    local seq = string.format('%d', redis.call('HINCRBY', meta, 'sequence', 1))
    redis.call('HSET', data, seq, ARGV[i + 4])
    redis.call('ZADD', pending, seq, seq .. ':' .. ARGV[i] .. ':' .. ARGV[i + 1] .. ':' .. ARGV[i + 2] .. ':' .. ARGV[i + 3])
    records = records + tonumber(ARGV[i])
    bytes = bytes + #ARGV[i + 4]
end
redis.call('HSET', meta, 'mark', ARGV[3])
redis.call('HINCRBY', meta, 'bytes', bytes)
local waiting = redis.call('HINCRBY', meta, 'pending', records)
if field('holder') ~= ARGV[1] then
    redis.call('PUBLISH', ARGV[4], ARGV[5])
end
return {1, waiting, tonumber(field('leased')) or 0, changed()}
