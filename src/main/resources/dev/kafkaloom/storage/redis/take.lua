-- ARGV: process, token, generation, most records, most elements that may be leased now
-- Answers {1, pending, leased, lost records, version, then of each element: sequence, deliveries, acked, bytes}, or {-1} to one who does not hold
-- the shard, {-2} when something is leased of which the holder does not know: it would be overtaken.
if field('holder') ~= ARGV[1] or (tonumber(field('generation')) or 0) ~= tonumber(ARGV[3]) then
    return {-1}
end
if redis.call('HLEN', processing) > tonumber(ARGV[5]) then
    return {-2}
end
local most = tonumber(ARGV[4])
local answer = {1, 0, 0, 0, 0}
local taken, moved, lost, before = 0, 0, 0, -1
for _, member in ipairs(redis.call('ZRANGE', pending, 0, 63)) do
    local seq, count, first, next = parts(member)
    if taken > 0 and (taken + count > most or first < before) then
        break
    end
    local done = redis.call('HGET', acked, seq)
    local left = count - doneOf(seq)
    local bytes = redis.call('HGET', data, seq)
    redis.call('ZREM', pending, member)
    moved = moved + left
    if bytes then
        redis.call('HSET', processing, seq, ARGV[2] .. '|' .. member)
        local deliveries = redis.call('HINCRBY', tries, seq, 1)
        answer[#answer + 1] = seq
        answer[#answer + 1] = deliveries
        answer[#answer + 1] = done or ''
        answer[#answer + 1] = bytes
        taken = taken + count
        before = next
    else
        lost = lost + left -- evicted, or deleted by hand
    end
end
answer[2] = redis.call('HINCRBY', meta, 'pending', -moved)
answer[3] = redis.call('HINCRBY', meta, 'leased', moved - lost)
answer[4] = lost
answer[5] = changed()
return answer
