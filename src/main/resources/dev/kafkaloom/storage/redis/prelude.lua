-- What all scripts of a shard share. Everything they touch lies in one slot: the keys have the same hash tag.
--
-- meta        hash: holder, holderBeat (who may take, and its sign of life), owner, ownerBeat (who may append), mark, committed,
--             generation (grows whenever something leased goes back: a take that was sent before and comes late is refused), sequence (of the last element),
--             version (of what follows, so that answers that overtake each other can be told), pending, leased (records), bytes
-- pending     sorted set by sequence: members "sequence:records:first:next:timestamp"
-- data        hash: sequence -> the element's bytes
-- processing  hash: sequence -> "token|member" of what is in somebody's hands
-- tries       hash: sequence -> how often it was handed out
-- acked       hash: sequence -> "records done:bits", of elements that are done in part
-- unreadable  hash: sequence -> member, of elements that are not what was written
local meta, pending, data, processing = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local tries, acked, unreadable = KEYS[5], KEYS[6], KEYS[7]

local function field(name)
    return redis.call('HGET', meta, name) or ''
end

local function changed()
    return redis.call('HINCRBY', meta, 'version', 1)
end

local function parts(member)
    local seq, count, first, next = string.match(member, '^(%d+):(%d+):(%d+):(%d+)')
    return seq, tonumber(count), tonumber(first), tonumber(next)
end

local function doneOf(seq)
    local value = redis.call('HGET', acked, seq)
    return value and tonumber(string.match(value, '^(%d+):')) or 0
end

-- Whatever is leased goes back to its place in front of what waits, unless its token is to be kept; answers how many records.
local function reclaim(keep)
    redis.call('HINCRBY', meta, 'generation', 1)
    local all = redis.call('HGETALL', processing)
    local moved = 0
    for i = 1, #all, 2 do
        local seq = all[i]
        local token, member = string.match(all[i + 1], '^([^|]*)|(.*)$')
        if not keep[token] then
            local _, count = parts(member)
            redis.call('HDEL', processing, seq)
            redis.call('ZADD', pending, seq, member)
            moved = moved + count - doneOf(seq)
        end
    end
    if moved > 0 then
        redis.call('HINCRBY', meta, 'leased', -moved)
        redis.call('HINCRBY', meta, 'pending', moved)
    end
    return moved
end

local function drop(seq)
    redis.call('HINCRBY', meta, 'bytes', -redis.call('HSTRLEN', data, seq))
    redis.call('HDEL', data, seq)
    redis.call('HDEL', tries, seq)
    redis.call('HDEL', acked, seq)
end
