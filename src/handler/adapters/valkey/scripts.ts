/**
 * What the cache does in one step, in Lua. Each script has one key, as a cluster demands, and uses the cache's own clock. An entry that is
 * not as it left it is healed, never obeyed: it was lost, or somebody else wrote it.
 */

const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000`;

/**
 * Takes up to `want` tokens out of a bucket that fills by `perSecond` up to `burst`, after those `owed`: given out before they were asked for.
 * Gives how many, and where that is fewer, in how many milliseconds there is another one.
 */
export const LEASE_TOKENS = `
local perSecond, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local want, owed = tonumber(ARGV[3]), tonumber(ARGV[4])${NOW}
local entry = redis.pcall('HMGET', KEYS[1], 'tokens', 'at')
if entry.err then
  redis.call('DEL', KEYS[1])
  entry = {}
end
local tokens, at = tonumber(entry[1] or ''), tonumber(entry[2] or '')
if not (tokens and at and tokens >= -burst and at <= now + 1000) then
  tokens, at = burst, now
end
tokens = math.min(burst, tokens + math.max(0, now - at) * perSecond / 1000)
tokens = math.max(-burst, tokens - owed)
local given = math.min(want, math.max(0, math.floor(tokens)))
tokens = tokens - given
redis.call('HSET', KEYS[1], 'tokens', tokens, 'at', string.format('%.3f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil(burst / perSecond * 1000) + 1000)
if given == want then return {given, 0} end
return {given, math.ceil((1 - tokens) * 1000 / perSecond)}`;

/** Notes that `process` runs, and gives how many have done so within `seenMs`. */
export const COUNT_PROCESSES = `
local process, seenMs = ARGV[1], tonumber(ARGV[2])${NOW}
if type(redis.pcall('ZADD', KEYS[1], now, process)) == 'table' then
  redis.call('DEL', KEYS[1])
  redis.call('ZADD', KEYS[1], now, process)
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - seenMs)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '(' .. now + 1000, '+inf')
redis.call('PEXPIRE', KEYS[1], seenMs)
return redis.call('ZCARD', KEYS[1])`;
