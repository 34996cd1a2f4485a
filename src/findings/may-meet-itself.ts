import type { Root, Step } from '../model/trace.ts';

/**
 * May two executions of a root run at the same time? Where not, a schedule of two of its requests can't happen; that it
 * stops half-way, or that somebody reads meanwhile, can. Two instances that start together meet too, but what they repair
 * they repair alike: only a row that both of them make stays.
 *
 * @param act what a schedule of two would do twice
 */
export function mayMeetItself({ bound }: Root, act: Step): boolean {
  switch (bound) {
    case 'unbounded':
      return true;
    case 'each start':
      return act.effect.kind === 'insert';
    case 'exclusive':
    case 'once':
      return false;
  }
}
