-- Takes the turn of one address, or gives the answer that this request has had before.
-- KEYS[1]  the talk of one address
-- ARGV     call, mark of this request, shape (empty | one | more), style (cumulative | latest),
--          '1' when we waited for another turn, now and end of the lease in ms, token of the claim,
--          ms in which nobody answers a screen
-- returns  {'answered', reply} | {'busy'} | {'claimed', session or false, '1' after an empty redial else ''}
local talk, call, mark, shape, style, waited = KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local now, lease_end, token = tonumber(ARGV[6]), ARGV[7], ARGV[8]

local held = redis.call('HMGET', talk, 'call', 'mark', 'marks', 'closed', 'redial', 'lease', 'session', 'at')
local same_call, repeated = held[1] == call, held[2] == mark
local closed, redialled = held[4] == '1', held[5] == '1'

local function answered(field)
  return {'answered', redis.call('HGET', talk, field)}
end

if same_call and style == 'cumulative' then
  if shape == 'empty' then
    if repeated then return answered('reply') end
    -- Either a late copy of the dial, or a new dial under the same id: the next request decides.
    if not closed and redis.call('HEXISTS', talk, 'start') == 1 then
      redis.call('HSET', talk, 'redial', '1')
      return answered('start')
    end
  elseif not (redialled and shape == 'one') then
    if repeated or string.find(held[3] or '', ';' .. mark .. ';', 1, true) then return answered('reply') end
  end
elseif same_call then
  -- A gateway that sends the newest input alone: the same text is a repeat only while its turn is being
  -- taken, sooner than anybody reads a screen and answers it, at the very start, or when the call is over.
  local at_once = now - (tonumber(held[8]) or 0) < tonumber(ARGV[9])
  if repeated and (waited == '1' or shape == 'empty' or at_once) then return answered('reply') end
  if closed and shape ~= 'empty' then return answered('reply') end
end

local lease_now = held[6] and string.match(held[6], '^(%d+):')
if lease_now and tonumber(lease_now) > now then return {'busy'} end

redis.call('HSET', talk, 'lease', lease_end .. ':' .. token)
-- The record outlives the lease, so that a turn never saves onto another life of it.
local enough = 2 * (tonumber(lease_end) - now)
if redis.call('PTTL', talk) < enough then redis.call('PEXPIRE', talk, enough) end
return {'claimed', held[7], same_call and redialled and '1' or ''}
