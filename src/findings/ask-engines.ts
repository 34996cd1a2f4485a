import type { EngineName, IsolationLevel } from '../model/engine.ts';
import type { TableFacts } from '../model/schema-facts.ts';
import type { Trace } from '../model/trace.ts';
import type { Anomaly, Verdict, Witness } from '../model/witness.ts';
import { explore } from '../schedules/explore.ts';
import { findDialect } from '../schedules/dialects/find-dialect.ts';
import { buildQuestion } from './build-question.ts';
import type { Candidate } from './find-candidates.ts';
import { findMentions } from '../model/find-mentions.ts';

/** What judging needs from the project. */
export interface JudgeContext {
  readonly findTable: (name: string) => TableFacts | undefined;
  /** The engine that schema or settings name. */
  readonly engine: EngineName | undefined;
  readonly isolation: IsolationLevel | undefined;
}

/** A witness that every engine in question has; undefined where one of them is safe or can't tell. */
export function ask(
  trace: Trace,
  candidate: Candidate,
  context: JudgeContext,
  table: TableFacts | undefined,
  uniqueKeys: readonly (readonly string[])[],
): Witness | undefined {
  const guards = candidate.act.guards.filter((guard) =>
    findMentions(guard.condition).has(candidate.check.effect.id),
  ).length;
  const variants =
    candidate.act.effect.kind === 'insert' && guards > 1
      ? [undefined, ...Array.from({ length: guards }, (_, index) => index)]
      : [undefined];
  for (const onlyGuard of variants) {
    const witness = askEngines(trace, candidate, context, table, uniqueKeys, onlyGuard);
    if (witness !== undefined) return witness;
  }
  return undefined;
}

function askEngines(
  trace: Trace,
  candidate: Candidate,
  context: JudgeContext,
  table: TableFacts | undefined,
  uniqueKeys: readonly (readonly string[])[],
  onlyGuard: number | undefined,
): Witness | undefined {
  let first: Witness | undefined;
  for (const engine of findEngines(candidate, table, context)) {
    const question = buildQuestion(trace, candidate, {
      engine,
      defaultIsolation: context.isolation ?? defaultIsolation(engine),
      nameColumn: (column) => nameColumn(table, column),
      findTable: context.findTable,
      uniqueKeys,
      ...(onlyGuard === undefined ? {} : { onlyGuard }),
    });
    if (question === undefined) return undefined;
    const { program, other = program, world, plainChecks } = question;
    const verdict: Verdict = explore({
      a: program,
      b: other,
      mode: 'two requests',
      world,
      dialect: findDialect(engine),
      hint: suspect(candidate),
    });
    if (verdict.kind !== 'witness') return undefined;
    first ??= {
      ...verdict.witness,
      steps: verdict.witness.steps.filter((step) => !plainChecks.includes(step.operation)),
    };
  }
  return first;
}

/** The anomaly that a pair's form suggests; the model checker uses it only where the outcome itself does not tell. */
function suspect({ kind }: Candidate): Anomaly {
  switch (kind) {
    case 'insert after check':
    case 'value after check':
    case 'mark from read':
      return 'duplicate row';
    case 'number from read':
      return 'duplicate number';
    case 'update from read':
      return 'lost update';
    case 'update after check':
    case 'delete after check':
      return 'double claim';
    case 'last of a set':
      return 'write skew';
  }
}

/** The level of a transaction that names none (the engines' documented defaults). */
export function defaultIsolation(engine: EngineName): IsolationLevel {
  switch (engine) {
    case 'postgresql':
      return 'read committed';
    case 'innodb':
      return 'repeatable read';
    case 'sqlite':
      return 'deferred';
    case 'redis':
      return 'autocommit';
  }
}

/** The engine of the client, else of the table, else of the project; where nothing tells, the two most likely ones. */
function findEngines({ act }: Candidate, table: TableFacts | undefined, context: JudgeContext): readonly EngineName[] {
  const known = act.effect.client.engine ?? table?.engine ?? context.engine;
  return known === undefined ? ['postgresql', 'innodb'] : [known];
}

/** A column's name in the database. */
export function nameColumn(table: TableFacts | undefined, column: string): string {
  const facts = table?.columns.find((candidate) => candidate.alias === column || candidate.name === column);
  return facts?.name ?? column;
}
