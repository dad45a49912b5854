/**
 * What the handler's user may do in the cache, as Valkey's access string: the commands of `src/handler/adapters/valkey`, on all keys, for
 * the cache is the service's own. A test runs the handler's adapters as such a user.
 */
export const CACHE_ACCESS =
  'on ~* &* -@all +@connection +@read +@write +@pubsub +@scripting +time +cluster|slots +cluster|shards -@dangerous';
