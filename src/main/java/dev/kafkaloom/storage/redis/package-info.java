/**
 * Where records wait in a Redis. Each partition of a group is a shard: a handful of keys with one hash tag, changed only by Lua scripts
 * (in the resources), each of which touches one shard and so one slot of a cluster.
 *
 * <p>A shard has an owner, who may append, and a holder, who may take: processes by their {@link dev.kafkaloom.storage.redis.ProcessName}.
 * Both show a sign of life; who shows none for {@code storage.lease.timeout.ms}, or is known to be dead, is replaced, and what it had in
 * hand goes back to the front. Clocks of different machines are never compared, nor is Redis' own: a Redis that stood still expires nothing.
 */
package dev.kafkaloom.storage.redis;
