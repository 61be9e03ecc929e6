"""The steps of the gate in Redis, each in one: by Redis's own clock, so that all machines count alike.

A breaker is a hash. Open: ends (of the pause), strikes, probe and probe_ends (the one call that tries). Closed: bucket
(number of the half window), calls and bad in it, calls_before and bad_before in the one before.
"""

from typing import Final

# KEYS breaker, places, index; ARGV token, places in all, lease, name for the index
ENTER: Final = """
local now = redis.call('TIME')
now = now[1] + now[2] / 1000000
redis.call('ZADD', KEYS[3], now, ARGV[4])
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now - 86400)
local ends = tonumber(redis.call('HGET', KEYS[1], 'ends') or 0)
if ends > now then return {'open', tostring(ends - now)} end
if tonumber(redis.call('HGET', KEYS[1], 'probe_ends') or 0) > now then return {'open', '1'} end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
if redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[2]) then return {'busy', '0'} end
local lease = now + tonumber(ARGV[3])
redis.call('ZADD', KEYS[2], string.format('%.6f', lease), ARGV[1])
redis.call('EXPIRE', KEYS[2], 3600)
if ends > 0 then
  redis.call('HSET', KEYS[1], 'probe', ARGV[1], 'probe_ends', string.format('%.6f', lease))
  redis.call('EXPIRE', KEYS[1], 3600)
end
return {'go', '0'}
"""

# KEYS breaker, places; ARGV token, outcome, half window, minimum, share, pauses... Answers what changed, or nothing.
LEAVE: Final = """
local now = redis.call('TIME')
now = now[1] + now[2] / 1000000
redis.call('ZREM', KEYS[2], ARGV[1])
local breaker, outcome = KEYS[1], ARGV[2]
local function open(strikes)
  local pause = tonumber(ARGV[5 + math.min(strikes, #ARGV - 5)])
  redis.call('HDEL', breaker, 'probe', 'probe_ends')
  redis.call('HSET', breaker, 'ends', string.format('%.6f', now + pause), 'strikes', strikes)
  redis.call('EXPIRE', breaker, 3600)
  return 'open'
end
if redis.call('HEXISTS', breaker, 'ends') == 1 then
  if redis.call('HGET', breaker, 'probe') ~= ARGV[1] then return '' end
  if outcome == 'good' then redis.call('DEL', breaker) return 'closed' end
  if outcome == 'bad' then return open(tonumber(redis.call('HGET', breaker, 'strikes')) + 1) end
  redis.call('HDEL', breaker, 'probe', 'probe_ends')
  return ''
end
if outcome == 'void' then return '' end
local bucket = math.floor(now / tonumber(ARGV[3]))
local known = tonumber(redis.call('HGET', breaker, 'bucket') or bucket)
if known ~= bucket then
  local calls, bad = redis.call('HGET', breaker, 'calls') or 0, redis.call('HGET', breaker, 'bad') or 0
  if bucket - known ~= 1 then calls, bad = 0, 0 end
  redis.call('HSET', breaker, 'calls_before', calls, 'bad_before', bad, 'calls', 0, 'bad', 0)
end
redis.call('HSET', breaker, 'bucket', bucket)
local calls = redis.call('HINCRBY', breaker, 'calls', 1) + (redis.call('HGET', breaker, 'calls_before') or 0)
local bad = redis.call('HINCRBY', breaker, 'bad', outcome == 'bad' and 1 or 0)
  + (redis.call('HGET', breaker, 'bad_before') or 0)
redis.call('EXPIRE', breaker, 3600)
if outcome == 'bad' and calls >= tonumber(ARGV[4]) and bad * 100 >= calls * tonumber(ARGV[5]) then return open(1) end
return ''
"""

# KEYS breakers; answers state, calls, failures and seconds until a try of each.
LOOK: Final = """
local now = redis.call('TIME')
now = now[1] + now[2] / 1000000
local found = {}
for place, breaker in ipairs(KEYS) do
  local row = redis.call('HMGET', breaker, 'ends', 'calls', 'bad', 'calls_before', 'bad_before')
  local ends = tonumber(row[1] or 0) or 0
  local state = 'closed'
  if ends > now then state = 'open' elseif ends > 0 then state = 'half-open' end
  local function number(value) return tonumber(value or 0) or 0 end
  found[place] = {state, number(row[2]) + number(row[4]), number(row[3]) + number(row[5]),
                  tostring(math.max(0, ends - now))}
end
return found
"""
