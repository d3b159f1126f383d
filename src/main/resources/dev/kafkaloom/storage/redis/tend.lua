-- ARGV: process; own: 'seize', 'claim' (when it is free), 'release', 'look'; hold: 'claim', 'release', 'look';
--       a dead holder and its beat, a dead owner and its beat ('' for none); reclaim: 'none', 'all', 'but' (the tokens that follow);
--       channel, tag, the offset that the group has committed (-1: not known), tokens to be kept
-- Answers {holder, its beat, owner, its beat, generation, pending, leased, bytes, mark, first waiting member, 1 when it was acquired now, records reclaimed, version, generations passed, unreadable elements}.
local me = ARGV[1]
local holder, owner = field('holder'), field('owner')
local news, acquired, moved = false, 0, 0
local generation = tonumber(field('generation')) or 0
if ARGV[4] ~= '' and holder == ARGV[4] and field('holderBeat') == ARGV[5] then
    moved = moved + reclaim({})
    holder = ''
    news = true
end
if ARGV[6] ~= '' and owner == ARGV[6] and field('ownerBeat') == ARGV[7] then
    owner = ''
end
if owner == me and tonumber(ARGV[11]) >= 0 then
    redis.call('HSET', meta, 'committed', ARGV[11])
end
if ARGV[2] == 'seize' or (ARGV[2] == 'claim' and owner == '') then
    news = news or owner ~= me
    owner = me
elseif ARGV[2] == 'release' and owner == me then
    owner = ''
    news = true
end
if ARGV[3] == 'claim' and holder == '' then
    moved = moved + reclaim({})
    holder = me
    acquired = 1
elseif ARGV[3] == 'release' and holder == me then
    moved = moved + reclaim({})
    holder = ''
    news = true
elseif holder == me and ARGV[8] ~= 'none' then
    local keep = {}
    if ARGV[8] == 'but' then
        for i = 12, #ARGV do
            keep[ARGV[i]] = true
        end
    end
    moved = moved + reclaim(keep)
end
if holder ~= field('holder') then
    redis.call('HSET', meta, 'holder', holder)
end
if owner ~= field('owner') then
    redis.call('HSET', meta, 'owner', owner)
end
if holder == me then
    redis.call('HINCRBY', meta, 'holderBeat', 1)
end
if owner == me then
    redis.call('HINCRBY', meta, 'ownerBeat', 1)
end
if news then
    redis.call('PUBLISH', ARGV[9], ARGV[10])
end
if moved > 0 then
    changed()
end
local head = redis.call('ZRANGE', pending, 0, 0)[1] or ''
return {holder, field('holderBeat'), owner, field('ownerBeat'), field('generation'), tonumber(field('pending')) or 0,
    tonumber(field('leased')) or 0, tonumber(field('bytes')) or 0, field('mark'), head, acquired, moved,
    tonumber(field('version')) or 0, (tonumber(field('generation')) or 0) - generation, redis.call('HLEN', unreadable)}
