-- ARGV: channel, tag. All leases become void; answers how many records went back to the front of what waits.
local moved = reclaim({})
changed()
redis.call('PUBLISH', ARGV[1], ARGV[2])
return {moved}
