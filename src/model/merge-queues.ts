import type { Client } from './client.ts';

/**
 * The state of a queue after two paths meet, one of which queued more than the other: `if (ttl) tx.expire(key, ttl)`, or
 * a loop that may not run. The calls of the longer path are taken: that path exists.
 *
 * @param left state at the end of one path
 * @param right state at the end of the other
 * @returns undefined where these are different queues, or where each path queued calls that the other one did not
 */
export function mergeQueues(left: Client, right: Client): Client | undefined {
  if (left.queue === undefined || right.queue === undefined || left.queue.id !== right.queue.id) return undefined;
  const [shorter, longer] = left.queue.calls.length <= right.queue.calls.length ? [left, right] : [right, left];
  // Both grew from one list, so equal beginnings are the same objects.
  const isPrefix = shorter.queue?.calls.every((call, index) => call === longer.queue?.calls[index]);
  return isPrefix === true ? longer : undefined;
}
