import type { Verdict } from '../model/witness.ts';
import type { Question } from './explore.ts';
import { classifyRedelivery } from './classify.ts';
import { readOutcome } from './outcome.ts';
import { runSerially } from './run.ts';
import { makeMachine } from './start.ts';
import { tellRedelivery } from './tell-witness.ts';

/** The same message twice, one delivery after the other: it must leave what one delivery leaves. */
export function exploreRedelivery(question: Question): Verdict {
  const machine = makeMachine({
    programs: [question.a, question.a],
    world: question.world,
    dialect: question.dialect,
    overlap: false,
    glue: false,
  });
  const once = runSerially(machine, [0]);
  machine.valuation = 'changed is false';
  const twice = runSerially(machine, [0, 1]);
  // a delivery's own random values may differ; whose they are does not matter
  const nameless = (text: string) => text.replaceAll(/@[AB]/g, '@*');
  if (nameless(readOutcome(machine, once).data) === nameless(readOutcome(machine, twice).data)) return { kind: 'safe' };
  return {
    kind: 'witness',
    witness: tellRedelivery(machine, question, once, twice, classifyRedelivery(machine, question, once, twice)),
  };
}
