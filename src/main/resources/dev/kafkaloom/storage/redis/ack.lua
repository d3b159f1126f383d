-- ARGV: then of each element: sequence, token, records done, bits (empty when all), 1 to give it back, 2 to put it aside: it cannot be read
-- Answers {pending, leased, version, then of each element: 1, or 0 when the token is not that of its lease}.
local answer = {0, 0, 0}
for i = 1, #ARGV, 5 do
    local seq, token, done = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2])
    local value = redis.call('HGET', processing, seq)
    if value and string.sub(value, 1, #token + 1) == token .. '|' then
        local member = string.sub(value, #token + 2)
        local _, count = parts(member)
        local before = doneOf(seq)
        local leased = before - done
        if done >= count then
            redis.call('HDEL', processing, seq)
            drop(seq)
        else
            if done > before then
                redis.call('HSET', acked, seq, ARGV[i + 2] .. ':' .. ARGV[i + 3])
            end
            if ARGV[i + 4] == '1' then
                redis.call('HDEL', processing, seq)
                redis.call('ZADD', pending, seq, member)
                redis.call('HINCRBY', meta, 'pending', count - done)
                leased = before - count
            elseif ARGV[i + 4] == '2' then
                redis.call('HDEL', processing, seq)
                redis.call('HSET', unreadable, seq, member)
                leased = before - count
            end
        end
        redis.call('HINCRBY', meta, 'leased', leased)
        answer[#answer + 1] = 1
    else
        answer[#answer + 1] = 0
    end
end
answer[1] = tonumber(field('pending')) or 0
answer[2] = tonumber(field('leased')) or 0
answer[3] = changed()
return answer
