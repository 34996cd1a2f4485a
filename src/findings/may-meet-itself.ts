import type { Root } from '../model/trace.ts';

/**
 * May two executions of a root run at the same time? Where not, a schedule of two of its requests can't happen; that it
 * stops half-way, or that somebody reads meanwhile, can.
 */
export function mayMeetItself({ bound }: Root): boolean {
  switch (bound) {
    case 'unbounded':
      return true;
    case 'exclusive':
    case 'once':
      return false;
  }
}
