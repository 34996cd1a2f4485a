import type { Check, OperationAction, Term, World } from '../../src/model/program.ts';

/** What a guard can look at: the statement it guards, and what the read before it asked for. */
export interface GuardContext {
  readonly read: string;
  /** Columns that the read asked for. */
  readonly asked: readonly string[];
  readonly action: OperationAction;
  readonly invariant: string;
  readonly world: World;
}

/** What the code of a measured scenario does between its statements. */
export interface Guard {
  /** Which statement's answer is looked at: the last one that answered before the guarded statement, or the first. */
  readonly on: 'last answer' | 'first answer';
  /** What is guarded: every write after it, or every statement but BEGIN and COMMIT. */
  readonly guards: 'writes' | 'statements';
  readonly check: (context: GuardContext) => Check;
  readonly actor?: 'A' | 'B';
}

export interface ScenarioCode {
  readonly guards: readonly Guard[];
  /** Errors of this statement are caught: the INSERT, or the last statement before COMMIT. */
  readonly catches?: 'insert' | 'last';
  /** A request whose last counted statement affected nothing does not report success. */
  readonly claimsByCount?: boolean;
}

const found = ({ read }: GuardContext): Check => ({ kind: 'found', read });
const absent = ({ read }: GuardContext): Check => ({ kind: 'not', check: { kind: 'found', read } });
const constant = (value: string | number | boolean | null): Term => ({ kind: 'constant', value });

function compareWith(left: Term, comparison: '<' | '>=' | '=', right: Term): Check {
  return { kind: 'compare', comparison, left, right };
}

/** What the guarded UPDATE takes off its column: `SET stock = stock - 6`. */
function findDecrement(action: OperationAction): { readonly column: string; readonly by: Term } | undefined {
  if (action.kind !== 'update') return undefined;
  for (const [column, term] of Object.entries(action.set)) {
    if (term.kind === 'apply' && term.name === '-' && term.operands[1]) return { column, by: term.operands[1] };
  }
  return undefined;
}

/** The value read covers what is taken. */
function isEnough({ read, action }: GuardContext): Check {
  const decrement = findDecrement(action);
  if (!decrement) return { kind: 'opaque', site: 'no decrement' };
  return compareWith({ kind: 'variable', read, column: decrement.column }, '>=', decrement.by);
}

/** The value read is still the one that the world began with: `status = 'queued'`. */
function isAsBefore({ read, asked, action, world }: GuardContext): Check {
  const relation = 'relation' in action ? action.relation : '';
  const column = asked[0] ?? '';
  const before = world.relations.find((each) => each.name === relation)?.rows[0]?.[column];
  return compareWith({ kind: 'variable', read, column }, '=', before ?? constant(null));
}

const numberWords = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** The number in "at most three members", "at least one doctor". */
export function readLimit(invariant: string): number {
  const word = /at (?:most|least) (\w+)/.exec(invariant)?.[1] ?? '';
  return /^\d+$/.test(word) ? Number(word) : numberWords.indexOf(word);
}

const notFound: Guard = { on: 'last answer', guards: 'writes', check: absent };
const isFound: Guard = { on: 'last answer', guards: 'writes', check: found };
const belowLimit: Guard = {
  on: 'last answer',
  guards: 'writes',
  check: ({ read, invariant }) =>
    compareWith({ kind: 'variable', read, column: '#' }, '<', constant(readLimit(invariant))),
};
const oneMoreThanNeeded: Guard = {
  on: 'last answer',
  guards: 'writes',
  check: ({ read, invariant }) =>
    compareWith({ kind: 'variable', read, column: '#' }, '>=', constant(readLimit(invariant) + 1)),
};
const fill: Guard = { on: 'first answer', guards: 'statements', check: absent, actor: 'A' };

const codes: readonly (readonly [RegExp, ScenarioCode])[] = [
  [/^S2b$/, { guards: [], catches: 'insert' }],
  [/^(S1|S2|S3|S3u|S4|S4u|S4n|S5|S5p|S5s|S5r|S7|S7p|S7w|E1|E1u)$/, { guards: [notFound] }],
  [/^S8[fr]?$/, { guards: [belowLimit] }],
  [/^L4[ck]$/, { guards: [{ on: 'last answer', guards: 'writes', check: isEnough }] }],
  [/^(L4|L5|L9|W1c|W2)$/, { guards: [], claimsByCount: true }],
  [/^W1f?$/, { guards: [oneMoreThanNeeded] }],
  [/^W1s$/, { guards: [{ on: 'last answer', guards: 'writes', check: isEnough }] }],
  [
    /^W2r$/,
    {
      guards: [
        {
          on: 'last answer',
          guards: 'writes',
          check: isAsBefore,
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
