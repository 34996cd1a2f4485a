import type { Location } from '../model/location.ts';
import type { Anomaly } from '../model/witness.ts';
import { derivesNumber } from './derive-number.ts';
import type { Candidate } from './find-candidates.ts';
import type { Judgement } from './judge-candidate.ts';
import { nameOf, renderRead } from './lower-statement.ts';

/** The words of a finding: see `Finding` for what each is. */
export interface Wording {
  readonly summary: string;
  readonly because: string;
  readonly invariant: string;
  readonly measure: string;
}

/** How a location is written in a sentence: file and line. */
export type SpellPlace = (location: Location) => string;

/** The words for a pair of check and act. */
export function wordJudgement(judgement: Judgement, place: SpellPlace): Wording {
  const { candidate, witness } = judgement;
  const table = nameOf(candidate.act.effect);
  const columns = describeColumns(candidate);
  return {
    summary: summarize(judgement, table, columns),
    because: explainCause(judgement, table, columns, place),
    invariant: isMarkedTwice(judgement) ? `one first ${table}` : describeInvariant(witness.anomaly, table, columns),
    measure: describeMeasure(witness.anomaly, table),
  };
}

function summarize(judgement: Judgement, table: string, columns: string): string {
  const { candidate, witness } = judgement;
  const written = describeWritten(candidate);
  const by = columns === '' ? '' : ` with this ${columns}`;
  if (candidate.taken !== undefined)
    return witness.anomaly === 'unhandled conflict'
      ? `Unhandled conflict: two requests both find no ${table}${by}; the unique key lets one update take it, and the other fails with an error that nothing here handles.`
      : `Check-then-update: two requests both find no ${table}${by}, and both give it to a row.`;
  if (candidate.last !== undefined)
    return `Write skew: two requests both find enough ${table} rows${by}, and each takes one away: fewer are left than the check demands.`;
  if (isMarkedTwice(judgement))
    return `Check-then-insert: two requests both find theirs to be the first ${table}${by}, and both mark it so.`;
  if (witness.anomaly === 'committed write lost' && candidate.act.effect.kind === 'insert')
    return `Lost insert: two requests make the same row of ${table}; the unique key lets one insert it, and the other goes on without its row, since its error is caught.`;
  switch (witness.anomaly) {
    case 'duplicate row':
      return `Check-then-insert: two requests both find no ${table}${by}, and both insert one.`;
    case 'duplicate number':
      return `Check-then-insert: two requests compute the same ${describeNumbers(candidate)} from what they read, and both insert it.`;
    case 'limit exceeded':
      return `Check-then-insert: two requests both count the ${table} rows below the limit, and both insert one.`;
    case 'unhandled conflict':
      return `Unhandled conflict: two requests both find no ${table}${by}; the unique key lets one insert it, and the other fails with an error that nothing here handles.`;
    case 'double claim':
    case 'double effect':
      return `Double claim: two requests both pass the check on ${table}, and both act on it.`;
    case 'oversold':
      return `Lost update: two requests both find enough ${written} in ${table}, and together they take more than there was.`;
    case 'write skew':
      return `Write skew: two requests both pass the check over the ${table} rows, and together they break what it protects.`;
    default:
      return `Lost update: two requests read the same ${table} row, and the second write of ${written} undoes the first.`;
  }
}

/** Do two rows say of themselves what only the first one should? */
function isMarkedTwice({ candidate, witness }: Judgement): boolean {
  return candidate.kind === 'mark from read' && witness.anomaly === 'duplicate number';
}

function explainCause(judgement: Judgement, table: string, columns: string, place: SpellPlace): string {
  const { candidate, witness, key, isKeyUnknown, isInTransaction, table: facts } = judgement;
  const check = `the check (${renderRead(candidate.check.effect)}, ${place(candidate.check.effect.location)})`;
  const reasons: string[] = [];
  if (isInTransaction) {
    reasons.push(
      `the transaction around ${check} and the write is no lock: at ${witness.isolation.toUpperCase()} both requests pass the check`,
    );
  } else reasons.push(`nothing atomic connects ${check} with the write`);
  const isInsert = candidate.act.effect.kind === 'insert';
  if ((isInsert || candidate.taken !== undefined) && columns !== '') {
    if (key !== undefined) {
      const where = place(key.provenance.location);
      reasons.push(
        `the unique key on ${table}(${key.columns.join(', ')}) (${where}) refuses the second row, and ${explainHandler(candidate)}`,
      );
    } else if (isKeyUnknown && witness.anomaly !== 'limit exceeded') {
      reasons.push(
        `no schema file shows whether ${table} has a unique key on ${columns}: without one both ${isInsert ? 'rows stay' : 'updates stay'}, with one the second request fails with an error that nothing here handles`,
      );
    } else if (facts !== undefined && witness.anomaly === 'duplicate row') {
      reasons.push(`${table} has no unique key on ${columns} (${place(facts.provenance.location)})`);
    }
  }
  const advice =
    witness.anomaly === 'duplicate number'
      ? ` ${adviseNumbers(judgement, table)}`
      : candidate.last === undefined
        ? ''
        : ' The repair is a row that all of them share, locked (SELECT … FOR UPDATE) before they are counted, or both in a SERIALIZABLE transaction that is tried again.';
  return `Because ${reasons.join('; ')}.${advice}`;
}

function explainHandler({ act: { effect, onError } }: Candidate): string {
  const where = `around the ${effect.kind === 'insert' ? 'insert' : 'update'}`;
  return onError === undefined ? `no handler is ${where}` : `the handler ${where} goes on`;
}

/** What no edit of this file can do: numbers that each are given out once, a mark that one row has. */
function adviseNumbers(judgement: Judgement, table: string): string {
  const { candidate } = judgement;
  if (isMarkedTwice(judgement))
    return `The repair is in the schema: a unique key on ${table} over the rows that are so marked, and a retry.`;
  const isPerOwner = candidate.check.effect.selector.conditions.length > 0;
  return isPerOwner
    ? `The repair is in the schema: a row that counts for its owner, raised by one UPDATE … RETURNING in the transaction that inserts, or a unique key on ${table} and a retry.`
    : `The repair is in the schema: a sequence or an identity column gives each number out once.`;
}

/** `email`, `teamId, slug`: the columns by which the check looks. */
export function describeColumns({ check }: Candidate): string {
  const columns = check.effect.selector.conditions.flatMap((condition) =>
    condition.kind === 'compare' && condition.operator === '=' ? [condition.column] : [],
  );
  return [...new Set(columns)].join(', ');
}

function describeWritten({ act }: Candidate): string {
  const { effect } = act;
  if (effect.kind === 'delete') return 'the row';
  const assignments = effect.kind === 'update' ? effect.assignments : effect.values;
  const names = assignments.map((assignment) => `\`${assignment.column}\``);
  return names.length === 0 ? 'the row' : names.slice(0, 3).join(', ');
}

/** The numbers that a new row gets from the rows that were read. */
function describeNumbers({ check, act }: Candidate): string {
  const { effect } = act;
  if (effect.kind !== 'insert') return 'number';
  const numbers = effect.values.filter((assignment) => derivesNumber(assignment, check.effect));
  return numbers.length === 0 ? 'number' : numbers.map(({ column }) => `\`${column}\``).join(', ');
}

function describeInvariant(anomaly: Anomaly, table: string, columns: string): string {
  switch (anomaly) {
    case 'duplicate row':
    case 'unhandled conflict':
      return columns === '' ? `one ${table}` : `one ${table} per ${columns}`;
    case 'duplicate number':
      return `all numbers of ${table} differ`;
    case 'limit exceeded':
      return `no more ${table} rows than the limit`;
    case 'double claim':
    case 'double effect':
      return `each ${table} is used once`;
    case 'write skew':
      return `some ${table} stay`;
    case 'oversold':
      return `${table} never goes below zero`;
    default:
      return `every change of ${table} counts`;
  }
}

function describeMeasure(anomaly: Anomaly, table: string): string {
  switch (anomaly) {
    case 'duplicate row':
    case 'duplicate number':
      return `rows of ${table} that share the key, and after the fix the unique violations that are answered as conflicts`;
    case 'unhandled conflict':
      return `unique violations on ${table} (SQLSTATE 23505, errno 1062) that reach the client as a 500`;
    case 'write skew':
      return `owners with fewer ${table} rows than the check demands`;
    case 'limit exceeded':
      return `owners with more ${table} rows than the limit`;
    case 'double claim':
    case 'double effect':
      return `${table} rows whose use is recorded more than once`;
    default:
      return `conditional updates of ${table} that affect no row`;
  }
}
