import type { Client } from '../../model/client.ts';
import type { EffectDraft, Recognition } from '../../model/recognition.ts';
import type { ChainStep, ChainValue } from '../../model/value.ts';
import type { LibraryAdapter, RecognizeContext } from '../adapter.ts';
import { databaseStore } from '../database-store.ts';
import type { DrizzleDriver } from './drizzle/drivers.ts';
import { findDriver } from './drizzle/drivers.ts';
import { findTable } from './drizzle/find-table.ts';
import { identifyDrizzle } from './drizzle/identify-drizzle.ts';
import { lowerCondition } from './drizzle/lower-condition.ts';
import { lowerRelationalQuery } from './drizzle/recognize-relational-query.ts';
import { isUnsent } from './drizzle/read-builder.ts';
import type { LoweredRead } from './drizzle/recognize-select.ts';
import { lowerSelect, selectHeads } from './drizzle/recognize-select.ts';
import { recognizeSql, sqlMembers } from './drizzle/recognize-sql.ts';
import { recognizeTransaction } from './drizzle/recognize-transaction.ts';
import type { LoweredWrite } from './drizzle/recognize-write.ts';
import { lowerWrite, writeHeads } from './drizzle/recognize-write.ts';
import { testDrizzleClient } from './drizzle/test-client.ts';

/** Drizzle ORM for PostgreSQL, MySQL and SQLite. Builders are lazy: sent when awaited or by a call that says so. */
export const drizzleAdapter: LibraryAdapter = {
  name: 'drizzle',
  documentation: [
    'https://orm.drizzle.team/docs/select',
    'https://orm.drizzle.team/docs/insert',
    'https://orm.drizzle.team/docs/update',
    'https://orm.drizzle.team/docs/rqb',
    'https://orm.drizzle.team/docs/transactions',
  ],
  checkedAgainst: { 'drizzle-orm': '0.45' },
  handlesImport: (specifier) => specifier === 'drizzle-orm' || specifier.startsWith('drizzle-orm/'),
  identify: identifyDrizzle,
  recognize: recognizeDrizzle,
  test: testDrizzleClient,
};

function recognizeDrizzle(chain: ChainValue, context: RecognizeContext): Recognition {
  if (chain.root.kind !== 'client') return { kind: 'pending' };
  const { client } = chain.root;
  const name = client.detail?.['driver'];
  const driver = name?.kind === 'constant' ? findDriver(String(name.value)) : undefined;
  const [first, ...rest] = skipPassages(chain.steps);
  if (first === undefined || driver === undefined) return { kind: 'pending' };
  const recognition = recognizeMember(client, first, rest, driver, context);
  // Looked at again when it is awaited.
  return recognition.kind === 'effects' && recognition.sent === 'on await' && !context.awaited
    ? { kind: 'pending' }
    : recognition;
}

/** `db.$primary` is the client itself again, `db.with(cte)` only brings names along. */
function skipPassages(steps: readonly ChainStep[]): readonly ChainStep[] {
  const [first, ...rest] = steps;
  const passes =
    first !== undefined &&
    rest.length > 0 &&
    (first.name === '$primary' || (first.name === 'with' && !writesInside(first)));
  return passes ? skipPassages(rest) : steps;
}

/** A named query of `with(…)` that is itself a write. */
function writesInside(step: ChainStep): boolean {
  return (step.args ?? []).some((argument) => {
    if (argument.kind !== 'chain') return true;
    const query = argument.steps.at(-1)?.args?.[0];
    const head = query?.kind === 'chain' ? query.steps[0]?.name : undefined;
    return head !== undefined && writeHeads.has(head);
  });
}

function recognizeMember(
  client: Client,
  first: ChainStep,
  rest: readonly ChainStep[],
  driver: DrizzleDriver,
  context: RecognizeContext,
): Recognition {
  // Each link of a builder is asked about: all but the last would be read in vain.
  const isBuilder = selectHeads.has(first.name) || writeHeads.has(first.name);
  if (isBuilder && first.args !== undefined && !context.awaited && isUnsent(rest)) return { kind: 'pending' };
  if (first.name === 'query' || first.name === '_query')
    return finish(client, 'query', lowerRelationalQuery(rest, context.call));
  if (first.args === undefined) return { kind: 'pending' };
  if (selectHeads.has(first.name)) return finish(client, first.name, lowerSelect([first, ...rest]));
  if (writeHeads.has(first.name)) return finish(client, first.name, lowerWrite([first, ...rest], driver));
  if (first.name === '$with') return { kind: 'pending' };
  if (first.name === 'with') {
    return writesInside(first)
      ? { kind: 'unsupported', reason: 'a named query that writes is not modelled', detail: 'with' }
      : { kind: 'pending' };
  }
  if (rest.length > 0) return unknownMember(first, rest);
  if (sqlMembers.has(first.name)) return recognizeSql(client, first, driver, context);
  switch (first.name) {
    case '$count':
      return recognizeCount(first);
    case 'transaction':
      return recognizeTransaction(client, first, context);
    case 'batch': {
      const [items] = first.args;
      if (items?.kind === 'array') return { kind: 'batch', items: items.elements, label: 'drizzle.batch' };
      return { kind: 'unsupported', reason: 'transaction argument is computed', detail: 'drizzle.batch' };
    }
    default:
      return unknownMember(first, rest);
  }
}

function finish(client: Client, head: string, lowered: LoweredRead | LoweredWrite): Recognition {
  if (lowered.kind === 'pending' || lowered.kind === 'unsupported') return lowered;
  const { action, answer, terminal } = lowered;
  const name = action.resource.kind === 'table' ? action.resource.name : '';
  const draft: EffectDraft = { action, answer, label: `db.${head} ${name}` };
  // A synchronous driver has sent it when the terminal call returns; elsewhere the terminal is an async function.
  return { kind: 'effects', sent: terminal === undefined ? 'on await' : 'on call', effects: [draft], answer };
}

/** `db.$count(table, condition)` */
function recognizeCount(step: ChainStep): Recognition {
  const [argument, where] = step.args ?? [];
  const table = argument && findTable(argument);
  if (table === undefined) return { kind: 'unsupported', reason: 'Drizzle table does not resolve', detail: '$count' };
  const draft: EffectDraft = {
    action: {
      kind: 'read',
      resource: { kind: 'table', store: databaseStore, name: table.name },
      selector: { conditions: lowerCondition(where, { table: table.identity }) },
      mode: 'plain',
      aggregate: { kind: 'count' },
    },
    answer: { kind: 'count' },
    label: `db.$count ${table.name}`,
  };
  return { kind: 'effects', sent: 'on await', effects: [draft], answer: draft.answer };
}

function unknownMember(first: ChainStep, rest: readonly ChainStep[]): Recognition {
  return {
    kind: 'unsupported',
    reason: 'unknown Drizzle member',
    detail: [first, ...rest].map((step) => step.name).join('.'),
  };
}
