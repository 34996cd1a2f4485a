import type { CacheUpdate } from './find-cache-updates.ts';
import type { PartialFailure } from './find-partial-failures.ts';
import { describeSystem } from './find-partial-failures.ts';
import type { SharedTransaction } from './find-shared-transactions.ts';
import { nameOf } from './lower-statement.ts';
import { renderKey } from './render-key.ts';
import type { SpellPlace, Wording } from './word-judgement.ts';

/** The words for a Promise.all that can stop half-way. */
export function wordPartialFailure(failure: PartialFailure, place: SpellPlace): Wording {
  const { steps, group, systems } = failure;
  const name =
    group.kind === 'allSettled' ? 'Promise.allSettled whose results nobody looks at' : `Promise.${group.kind}`;
  const helpers = steps
    .filter((step) => step.calls.length > 0)
    .map((step) => `${describeSystem(step)} via ${step.calls.at(-1)?.callee ?? ''} (${place(step.effect.location)})`);
  const through = listFew([...new Set(helpers)]).join(', ');
  return {
    summary: `Partial failure: ${name} starts ${listSystems(systems)} together, and they can’t be rolled back together: ${describeOrphans(systems)}.`,
    because: `Because no transaction holds ${systems.length > 1 ? 'all of them' : 'the changes'}${through === '' ? '' : ` (${through})`}, and nothing undoes what has happened when one of them fails.`,
    invariant: `all of ${systems.join(', ')}, or none`,
    measure: `rejections of this ${name}, and records that exist in one system only`,
  };
}

/** More names than this in one sentence are read by nobody. */
const mostNames = 4;

function listFew(names: readonly string[]): readonly string[] {
  return names.length <= mostNames
    ? names
    : [...names.slice(0, mostNames - 1), `${String(names.length - mostNames + 1)} more`];
}

function listSystems(systems: readonly string[]): string {
  if (systems.length < 2) return `changes of ${systems[0] ?? 'one system'}`;
  const few = listFew(systems);
  return `${few.slice(0, -1).join(', ')} and ${few.at(-1) ?? ''}`;
}

function describeOrphans(systems: readonly string[]): string {
  if (systems.length < 2) return `some of the ${systems[0] ?? 'operations'} changes stay and others are missing`;
  if (systems.length > mostNames) return 'if one of them fails, the others stay changed';
  return systems
    .map((system) => {
      const others = systems.filter((other) => other !== system);
      return `if ${system} fails, ${others.join(' and ')} ${others.length > 1 ? 'stay' : 'stays'} changed`;
    })
    .join('; ');
}

/** The words for BEGIN … COMMIT through a pool, or through a connection that requests share. */
export function wordSharedTransaction(transaction: SharedTransaction, place: SpellPlace): Wording {
  const { through, begin, writes, rollback } = transaction;
  const tables = [...new Set(writes.map(({ effect }) => nameOf(effect)))].join(', ');
  const way = through === 'pool' ? 'a pool' : 'one connection for all requests';
  return {
    summary: `Committed write lost: BEGIN … COMMIT go through ${way}, so the ROLLBACK of one request also undoes what another wrote to ${tables}, whose COMMIT then succeeds with nothing to commit.`,
    because:
      through === 'pool'
        ? `Because each statement after BEGIN (${place(begin.effect.location)}) takes any connection of the pool: two requests can get the same one, and ROLLBACK (${place(rollback.effect.location)}) ends the transaction of both; on different ones the statements are in no transaction at all.`
        : `Because both requests send their statements over the same connection: BEGIN (${place(begin.effect.location)}) begins no transaction of its own there, and ROLLBACK (${place(rollback.effect.location)}) ends that of both.`,
    invariant: `what a request has committed in ${tables} stays`,
    measure: `COMMITs that find no transaction open (PostgreSQL warns with 25P01)`,
  };
}

/** The words for two cache commands that should be one step. */
export function wordCacheUpdate(update: CacheUpdate, place: SpellPlace): Wording {
  const { shape, first, second } = update;
  const key = first.effect.resource.kind === 'key' ? renderKey(first.effect.resource.key) : 'the key';
  const other = second.effect.resource.kind === 'key' ? renderKey(second.effect.resource.key) : 'the other key';
  const [a, b] = [first.effect.command.toUpperCase(), second.effect.command.toUpperCase()];
  const at = place(first.effect.location);
  switch (shape) {
    case 'expiry':
      return {
        summary: `No expiry: ${a} and ${b} of ${key} are two steps; a crash between them leaves a key that never expires.`,
        because: `Because the time to live is set by a second command after ${a} (${at}).`,
        invariant: `${key} always has a time to live`,
        measure: `keys of this form whose TTL is -1`,
      };
    case 'read then write':
      return {
        summary: `Lost update: two requests read ${key} and write back what they computed from it; the second write undoes the first.`,
        because: `Because ${a} (${at}) and ${b} are two steps, and the value written depends on the value read.`,
        invariant: `every change of ${key} counts`,
        measure: `updates of this key per second against changes seen in it`,
      };
    case 'read then delete':
      return {
        summary: `Double claim: two requests both read ${key} before either deletes it, and both go on.`,
        because: `Because ${a} (${at}) and ${b} are two steps, and nobody looks at whether the deletion won.`,
        invariant: `${key} is used once`,
        measure: `uses of one key`,
      };
    case 'torn pair':
      return {
        summary: `Torn read: a reader between ${a} ${key} and ${b} ${other} sees the new value of one beside the old one of the other; a crash between them leaves it so.`,
        because: `Because ${a} (${at}) and ${b} are two awaited commands, not one step.`,
        invariant: `${key} and ${other} change together`,
        measure: `readers that find the two keys disagree`,
      };
  }
}
