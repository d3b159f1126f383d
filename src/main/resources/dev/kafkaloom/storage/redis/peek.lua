-- ARGV: most elements. Answers, oldest first, of each element: sequence, 1 when it is leased, deliveries, acked, bytes.
local found = {}
local all = redis.call('HGETALL', processing)
for i = 1, #all, 2 do
    found[#found + 1] = {tonumber(all[i]), all[i], 1}
end
table.sort(found, function(a, b) return a[1] < b[1] end)
for _, member in ipairs(redis.call('ZRANGE', pending, 0, tonumber(ARGV[1]) - 1)) do
    local seq = parts(member)
    found[#found + 1] = {tonumber(seq), seq, 0}
end
local answer = {}
for i = 1, math.min(#found, tonumber(ARGV[1])) do
    local seq = found[i][2]
    local bytes = redis.call('HGET', data, seq)
    if bytes then
        answer[#answer + 1] = seq
        answer[#answer + 1] = found[i][3]
        answer[#answer + 1] = redis.call('HGET', tries, seq) or '0'
        answer[#answer + 1] = redis.call('HGET', acked, seq) or ''
        answer[#answer + 1] = bytes
    end
end
return answer
