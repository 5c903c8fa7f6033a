-- Keeps what a turn leaves behind and ends its lease, if the lease is still its own.
-- KEYS[1]  the talk of one address
-- ARGV     token of the claim, call, mark of this request, marks that may still come late (';a;b;'),
--          session, reply, '1' when the call is closed, '1' when the reply is the call's start screen,
--          '1' when earlier marks are forgotten, ms to keep the record, now in ms
-- returns  1, or 0 when the lease was lost
local talk = KEYS[1]
local held = redis.call('HMGET', talk, 'lease', 'marks')
if not held[1] or string.match(held[1], ':(.*)$') ~= ARGV[1] then return 0 end

local marks = ARGV[4]
if ARGV[9] ~= '1' and held[2] then marks = held[2] .. string.sub(marks, 2) end
redis.call('HSET', talk, 'call', ARGV[2], 'mark', ARGV[3], 'marks', marks, 'session', ARGV[5],
  'reply', ARGV[6], 'closed', ARGV[7], 'redial', '', 'lease', '',
  'at', ARGV[11])
if ARGV[8] == '1' then redis.call('HSET', talk, 'start', ARGV[6]) end
redis.call('PEXPIRE', talk, ARGV[10])
return 1
