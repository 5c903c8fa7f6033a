-- Ends a lease and keeps nothing of its turn, if the lease is still its own.
-- KEYS[1]  the talk of one address
-- ARGV     token of the claim
local lease = redis.call('HGET', KEYS[1], 'lease')
if lease and string.match(lease, ':(.*)$') == ARGV[1] then redis.call('HSET', KEYS[1], 'lease', '') end
return 1
