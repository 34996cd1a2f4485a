import type { Program, World } from '../model/program.ts';
import type { Anomaly, Verdict, Witness } from '../model/witness.ts';
import type { Dialect } from './dialects/dialect.ts';
import { exploreCrash } from './explore-crash.ts';
import { exploreRedelivery } from './explore-redelivery.ts';
import { explorePair } from './explore-pair.ts';

/** What the model checker is asked. */
export interface Question {
  readonly a: Program;
  /**
   * Two requests: the other request. Request and reader: the reader's reads. Crash and redelivery do not look at it (a
   * redelivery runs `a` again).
   */
  readonly b: Program;
  readonly mode: Witness['mode'];
  readonly world: World;
  readonly dialect: Dialect;
  /** What the caller suspects; names the anomaly where the structure does not decide. */
  readonly hint?: Anomaly;
  /** At most so many operations a side and states; the defaults are 12 and 5000. */
  readonly budget?: { readonly operations: number; readonly states: number };
}

/**
 * Looks for a schedule whose outcome no serial order could have.
 *
 * Where the programs leave a comparison open (a symbol against a constant), the answer is one that some input gives, so a
 * witness is never made up: see `Valuation`.
 */
export function explore(question: Question): Verdict {
  const operations = question.budget?.operations ?? 12;
  const longest = Math.max(question.a.operations.length, question.b.operations.length);
  // BEGIN, COMMIT and checks cost no interleavings
  const counted = Math.max(countSteps(question.a), countSteps(question.b));
  if (counted > operations)
    return { kind: 'inconclusive', reason: `${longest} operations a side, more than ${operations}` };
  switch (question.mode) {
    case 'two requests':
    case 'request and reader':
      return explorePair(question);
    case 'request and crash':
      return exploreCrash(question);
    case 'redelivery':
      return exploreRedelivery(question);
  }
}

function countSteps(program: Program): number {
  return program.operations.filter(
    (operation) => !['begin', 'commit', 'check', 'reply', 'effect'].includes(operation.kind),
  ).length;
}
