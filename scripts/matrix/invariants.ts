import {
  findOperation,
  select,
  findInsertedKey,
  countInserted,
  number,
  firstValue,
  findChanged,
  readUpdatedRow,
  sumColumn,
  countNumbers,
  countActive,
  redisFinal,
  mixedFinal,
  readTotal,
  countStart,
  claims,
  bothClaim,
  replyOf,
  type Rows,
} from './final-state.ts';
import { readLimit } from './guards.ts';
import type { Ended } from './replay-record.ts';

/** The measured names of anomalies that an invariant's check may give, and the final state it looks at. */
interface Judge {
  readonly invariant: RegExp;
  /** The rows that the measuring program read at the end. */
  readonly final: (ended: Ended) => unknown;
  readonly anomaly: (ended: Ended, final: never) => string | null;
}

const judges: readonly Judge[] = [
  {
    invariant: /^exactly one row with this/,
    final: countInserted,
    anomaly: (_ended, final: Rows) =>
      number(final[0]?.['n']) > 1 ? 'duplicate-row' : number(final[0]?.['n']) < 1 ? 'missing-row' : null,
  },
  {
    invariant: /^one row, and both requests/,
    final: countInserted,
    anomaly: (ended, final: Rows) =>
      number(final[0]?.['n']) > 1
        ? 'duplicate-row'
        : number(final[0]?.['n']) < 1
          ? 'missing-row'
          : [0, 1].some((actor) => ended.committed[actor] === true && ended.lastReadCount[actor] === 0)
            ? 'row-not-visible'
            : null,
  },
  {
    invariant: /^at most (?!one)\w+ \w+ in /,
    final: (ended) => {
      const read = findOperation(ended, 'read');
      return [{ n: select(ended, read?.relation ?? '', read?.where ?? []).length }];
    },
    anomaly: (ended, final: Rows) =>
      number(final[0]?.['n']) > readLimit(ended.record.invariant) ? 'limit-exceeded' : null,
  },
  {
    invariant: /^\w+ = (\d+) - (\d+) per request/,
    final: (ended) => (ended.record.engine.includes('+redis') ? mixedFinal(ended) : readUpdatedRow(ended)),
    anomaly: (ended, final: Rows | { readonly db: Rows }) => {
      const [, start = 0, each = 0] = /= (\d+) - (\d+)/.exec(ended.record.invariant)?.map(Number) ?? [];
      const rows = 'db' in final ? final.db : final;
      const expected = start - each * claims(ended);
      const stock = number(rows[0]?.[findChanged(ended)]);
      return stock > expected
        ? 'lost-update'
        : stock < expected
          ? 'db' in final
            ? 'lost-update'
            : 'extra-update'
          : null;
    },
  },
  {
    invariant: /^\w+ never below zero, and it fell by (\d+)/,
    final: readUpdatedRow,
    anomaly: (ended, final: Rows) => {
      const each = Number(/fell by (\d+)/.exec(ended.record.invariant)?.[1]);
      const stock = number(final[0]?.[findChanged(ended)]);
      return stock < 0
        ? 'oversold'
        : stock !== ended.start(findChanged(ended)) - each * claims(ended)
          ? 'lost-update'
          : null;
    },
  },
  {
    invariant: /^the total stays/,
    final: sumColumn,
    anomaly: (ended, final: Rows) =>
      number(final[0]?.['total']) === readTotal(ended)
        ? null
        : ended.record.schedule.some(([, statement]) => statement.startsWith('crash'))
          ? 'half-applied'
          : 'total-changed',
  },
  {
    invariant: /^at least \w+ \w+ /,
    final: countActive,
    anomaly: (ended, final: Rows) =>
      number(final[0]?.['n']) < readLimit(ended.record.invariant) ? 'write-skew' : null,
  },
  {
    invariant: /^the sum of both /,
    final: sumColumn,
    anomaly: (_ended, final: Rows) => (number(final[0]?.['total']) < 0 ? 'write-skew' : null),
  },
  { invariant: /^at most one request owns/, final: readUpdatedRow, anomaly: bothClaim('double-claim') },
  {
    invariant: /^no \w+ is claimed by two/,
    final: (ended) => {
      const read = findOperation(ended, 'read');
      const wanted = ended.wantedColumns;
      return ended
        .rows(read?.relation ?? '')
        .map((row) => Object.fromEntries(wanted.map((column) => [column, row[column] ?? null])));
    },
    anomaly: (ended) => (claims(ended) === 2 && replyOf(ended, 0)[0] === replyOf(ended, 1)[0] ? 'double-claim' : null),
  },
  {
    invariant: /^all numbers differ/,
    final: countNumbers,
    anomaly: (_ended, final: Rows) => (final[0]?.['n'] === final[0]?.['distinct_n'] ? null : 'duplicate-number'),
  },
  {
    invariant: /^the credit of (\d+) is applied exactly once \((\d+) becomes (\d+)\)/,
    final: readUpdatedRow,
    anomaly: (ended, final: Rows) => {
      const expected = Number(/becomes (\d+)/.exec(ended.record.invariant)?.[1]);
      const balance = number(firstValue(final));
      return balance > expected ? 'double-effect' : balance < expected ? 'effect-lost' : null;
    },
  },
  {
    invariant: /^\w+ = (\d+) \+ (\d+) per request/,
    final: sumColumn,
    anomaly: (ended, final: Rows) => {
      const [, start = 0, each = 0] = /= (\d+) \+ (\d+)/.exec(ended.record.invariant)?.map(Number) ?? [];
      return number(final[0]?.['total']) < start + each * claims(ended) ? 'committed-write-lost' : null;
    },
  },
  {
    invariant: /^no child without its parent/,
    final: (ended) => {
      const insert = findOperation(ended, 'insert');
      const parent = findOperation(ended, 'delete')?.relation ?? '';
      const key = findOperation(ended, 'delete')?.where.find((filter) => filter.kind === 'compare');
      const parents = new Set(ended.rows(parent).map((row) => row[key?.kind === 'compare' ? key.column : '']));
      const column = findOperation(ended, 'read', (each) => each.relation === insert?.relation)?.where.find(
        (filter) => filter.kind === 'compare',
      );
      const child = column?.kind === 'compare' ? column.column : (Object.keys(insert?.row ?? {})[0] ?? '');
      return [{ orphans: ended.rows(insert?.relation ?? '').filter((row) => !parents.has(row[child] ?? null)).length }];
    },
    anomaly: (_ended, final: Rows) => (number(final[0]?.['orphans']) > 0 ? 'orphan' : null),
  },
  {
    invariant: /^one row per e-mail/,
    final: () => undefined,
    anomaly: (ended) => (duplicated(ended) ? 'duplicate-row' : null),
  },
  {
    invariant: /^every decrement counts/,
    final: () => undefined,
    anomaly: (ended) =>
      number(ended.rows(findOperation(ended, 'update')?.relation ?? '')[0]?.[findChanged(ended)]) ===
      ended.start(findChanged(ended)) - claims(ended)
        ? null
        : 'lost-update',
  },
  {
    invariant: /^the observer always sees the row/,
    final: countInserted,
    anomaly: (ended) => (replyOf(ended, 1)[0] === 0 ? 'torn-read' : null),
  },
  {
    invariant: /^the two \w+ the observer read add up to (\d+)/,
    final: sumColumn,
    anomaly: (ended) => {
      const seen = replyOf(ended, 1);
      return seen.length === 2 &&
        number(seen[0]) + number(seen[1]) !== Number(/add up to (\d+)/.exec(ended.record.invariant)?.[1])
        ? 'torn-read'
        : null;
    },
  },
  {
    invariant: /^A was rolled back \((\d+)\), B was committed \((\d+)\)/,
    final: (ended) =>
      ended
        .rows(findOperation(ended, 'update')?.relation ?? '')
        .map((row) => Object.fromEntries(ended.wantedColumns.map((column) => [column, row[column] ?? null]))),
    anomaly: (ended, final: Rows) => {
      const [, first = 0, second = 0] = /\((\d+)\).*\((\d+)\)/.exec(ended.record.invariant)?.map(Number) ?? [];
      return firstValue(final) !== first
        ? 'rolled-back-write-kept'
        : ended.committed[1] && firstValue(final.slice(1)) !== second
          ? 'committed-write-lost'
          : null;
    },
  },
  {
    invariant: /^the transaction ends/,
    final: () => 'not readable: the instance no longer answers',
    anomaly: () => null,
  },
  {
    invariant: /^\w+ grew by one per request$/,
    final: redisFinal,
    anomaly: (ended, final: Record<string, unknown>) =>
      Object.values(final)[0] === countStart(ended) + 2 ? null : 'lost-update',
  },
  {
    invariant: /^\w+ grew by one per request whose EXEC/,
    final: redisFinal,
    anomaly: (ended, final: Record<string, unknown>) =>
      Object.values(final)[0] === countStart(ended) + claims(ended) ? null : 'lost-update',
  },
  {
    invariant: /^a counter that exists has a time/,
    final: redisFinal,
    anomaly: (_ended, final: Record<string, unknown>) =>
      Object.values(final)[0] !== null && Object.values(final)[1] === -1 ? 'no-expiry' : null,
  },
  {
    invariant: /^all or nothing/,
    final: redisFinal,
    anomaly: (_ended, final: Record<string, unknown>) => (Object.values(final)[0] === null ? null : 'half-applied'),
  },
  {
    invariant: /^B's lock is not removed/,
    final: () => undefined,
    anomaly: (ended) => (ended.lastReadCount[1] === 1 ? 'foreign-lock-released' : null),
  },
  {
    invariant: /^the observer sees 0 or/,
    final: () => undefined,
    anomaly: (ended) =>
      replyOf(ended, 1).some((value) => typeof value === 'number' && value > 0 && value < 2) ? 'torn-read' : null,
  },
  {
    invariant: /^the (observer|reader) sees both keys/,
    final: redisFinal,
    anomaly: (ended) =>
      new Set(
        replyOf(ended, 1).flatMap((value) =>
          typeof value === 'string' ? value.replace(/^~\(|\)$/g, '').split(',') : [String(value)],
        ),
      ).size > 1
        ? 'torn-read'
        : null,
  },
  {
    invariant: /^the time to live is kept/,
    final: redisFinal,
    anomaly: (_ended, final: Record<string, unknown>) => (Object.values(final)[0] === -1 ? 'no-expiry' : null),
  },
  {
    invariant: /^the reader sees the old hash or/,
    final: redisFinal,
    anomaly: (ended) => (ended.lastReadCount[1] === 0 ? 'torn-read' : null),
  },
  { invariant: /^the token is accepted at most once/, final: redisFinal, anomaly: bothClaim('double-effect') },
  { invariant: /^one request goes on/, final: redisFinal, anomaly: bothClaim('double-effect') },
  {
    invariant: /^a cached value equals the row/,
    final: mixedFinal,
    anomaly: (_ended, final: { readonly db: Rows; readonly cache: Record<string, unknown> }) => {
      const cached = Object.values(final.cache)[0];
      return cached !== null && cached !== firstValue(final.db) ? 'stale-cache' : null;
    },
  },
];

function duplicated(ended: Ended): boolean {
  const { relation } = findInsertedKey(ended);
  const column = Object.keys(findOperation(ended, 'insert')?.row ?? {})[0] ?? '';
  const values = ended.rows(relation).map((row) => row[column]);
  return new Set(values).size !== values.length;
}

/** The duplicate rule, for an invariant in words that are not known: two rows where each request inserts one if there is none. */
const byStructure: Judge = {
  invariant: /^/,
  final: countInserted,
  anomaly: (_ended, final: Rows) => (number(final[0]?.['n']) > 1 ? 'duplicate-row' : null),
};

/**
 * What the end of a replay is called: by the invariant of its record, or, where its words are not known, by the rows
 * that both programs insert.
 */
export function judge(ended: Ended): { readonly final: unknown; readonly anomaly: string | null } {
  const found = judges.find((each) => each.invariant.test(ended.record.invariant)) ?? byStructure;
  const final = found.final(ended);
  return { final, anomaly: found.anomaly(ended, final as never) };
}
