import type { Check, Term } from '../../src/model/program.ts';

/** What the code of a measured scenario does between its statements. */
export interface Guard {
  /** Which statement's answer is looked at: the last one that answered before the guarded statement, or the first. */
  readonly on: 'last answer' | 'first answer';
  /** What is guarded: every write after it, or every statement but BEGIN and COMMIT. */
  readonly guards: 'writes' | 'statements';
  readonly check: (read: string) => Check;
  readonly actor?: 'A' | 'B';
}

export interface ScenarioCode {
  readonly guards: readonly Guard[];
  /** Errors of this statement are caught: the INSERT, or the last statement before COMMIT. */
  readonly catches?: 'insert' | 'last';
  /** A request whose last counted statement affected nothing does not report success. */
  readonly claimsByCount?: boolean;
}

const found = (read: string): Check => ({ kind: 'found', read });
const absent = (read: string): Check => ({ kind: 'not', check: { kind: 'found', read } });
const count = (read: string): Term => ({ kind: 'variable', read, column: '#' });
const number = (value: number): Term => ({ kind: 'constant', value });
const columnAtLeast =
  (column: string, least: number) =>
  (read: string): Check => ({
    kind: 'compare',
    comparison: '>=',
    left: { kind: 'variable', read, column },
    right: number(least),
  });

const notFound: Guard = { on: 'last answer', guards: 'writes', check: absent };
const isFound: Guard = { on: 'last answer', guards: 'writes', check: found };
const fewerThanThree: Guard = {
  on: 'last answer',
  guards: 'writes',
  check: (read) => ({ kind: 'compare', comparison: '<', left: count(read), right: number(3) }),
};
const atLeastTwo: Guard = {
  on: 'last answer',
  guards: 'writes',
  check: (read) => ({ kind: 'compare', comparison: '>=', left: count(read), right: number(2) }),
};
const fill: Guard = { on: 'first answer', guards: 'statements', check: absent, actor: 'A' };

const codes: readonly (readonly [RegExp, ScenarioCode])[] = [
  [/^S2b$/, { guards: [], catches: 'insert' }],
  [/^(S1|S2|S3|S3u|S4|S4u|S4n|S5|S5p|S5s|S5r|S7|S7p|S7w|E1|E1u)$/, { guards: [notFound] }],
  [/^S8[fr]?$/, { guards: [fewerThanThree] }],
  [/^L4[ck]$/, { guards: [{ on: 'last answer', guards: 'writes', check: columnAtLeast('stock', 6) }] }],
  [/^(L4|L5|L9|W1c|W2)$/, { guards: [], claimsByCount: true }],
  [/^W1f?$/, { guards: [atLeastTwo] }],
  [/^W1s$/, { guards: [{ on: 'last answer', guards: 'writes', check: columnAtLeast('balance', 80) }] }],
  [
    /^W2r$/,
    {
      guards: [
        {
          on: 'last answer',
          guards: 'writes',
          check: (read) => ({
            kind: 'compare',
            comparison: '=',
            left: { kind: 'variable', read, column: 'status' },
            right: { kind: 'constant', value: 'queued' },
          }),
        },
      ],
    },
  ],
  [/^W4[ns]?$/, { guards: [isFound] }],
  [/^T[1-9]$/, { guards: [], catches: 'last' }],
  [
    /^F1k?$/,
    {
      guards: [
        { ...isFound, actor: 'A' },
        { ...notFound, actor: 'B' },
      ],
    },
  ],
  [/^K[1236]$/, { guards: [fill] }],
  [/^K7$/, { guards: [{ on: 'first answer', guards: 'statements', check: found }] }],
  [/^R9$/, { guards: [isFound] }],
  [/^R9d$/, { guards: [isFound], claimsByCount: true }],
  [/^R10$/, { guards: [notFound] }],
  [/^(R3|R9g|R10n)$/, { guards: [], claimsByCount: true }],
];

/**
 * The code around the statements of a scenario, as the measuring program ran it; records show only statements.
 *
 * @param scenario its id; `P1-`, `P2-`, `P3-` are the same scenarios on one shared connection
 */
export function findScenarioCode(scenario: string): ScenarioCode {
  const base = scenario.replace(/^P\d-/, '');
  return codes.find(([pattern]) => pattern.test(base))?.[1] ?? { guards: [] };
}
