import type { EngineName } from '../model/engine.ts';
import type { Suggestion } from '../model/finding.ts';
import type { Trace } from '../model/trace.ts';
import type { TableFacts } from '../model/schema-facts.ts';
import type { CallContext } from './edits/library-edits.ts';
import { locatePair } from './edits/locate-pair.ts';
import { planCacheUpdate } from './edits/plan-cache-update.ts';
import { planConditionalWrite } from './edits/plan-conditional-write.ts';
import { planInsert } from './edits/plan-insert.ts';
import { planPartialFailure } from './edits/plan-partial-failure.ts';
import { planPinnedTransaction } from './edits/plan-pinned-transaction.ts';
import { planRowLock } from './edits/plan-row-lock.ts';
import { planSingleUse } from './edits/plan-single-use.ts';
import { findLibraryEdits } from './edits/registry.ts';
import type { SourceText } from './edits/source-text.ts';
import type { CacheUpdate } from './find-cache-updates.ts';
import type { PartialFailure } from './find-partial-failures.ts';
import type { SharedTransaction } from './find-shared-transactions.ts';
import type { Judgement } from './judge-candidate.ts';

/** What a suggestion is for. */
export type SuggestionSubject =
  | { readonly kind: 'pair'; readonly judgement: Judgement; readonly trace: Trace }
  | { readonly kind: 'partial failure'; readonly failure: PartialFailure }
  | { readonly kind: 'shared transaction'; readonly transaction: SharedTransaction }
  | { readonly kind: 'cache'; readonly update: CacheUpdate };

export interface SuggestionContext {
  /** The linted file: suggestions change no other. */
  readonly source: SourceText;
  readonly table?: TableFacts;
  readonly engine?: EngineName;
}

/**
 * Rewrites of the race into its atomic form, the safest first. None where the shape of the code is not understood in
 * every part: a wrong rewrite costs more than none.
 */
export function suggestEdits(subject: SuggestionSubject, context: SuggestionContext): readonly Suggestion[] {
  switch (subject.kind) {
    case 'pair':
      return suggestForPair(subject.judgement, subject.trace, context);
    case 'partial failure':
      return planPartialFailure(context.source, subject.failure);
    case 'shared transaction':
      return planPinnedTransaction(context.source, subject.transaction);
    case 'cache':
      return planCacheUpdate(context.source, subject.update);
  }
}

function suggestForPair(judgement: Judgement, trace: Trace, context: SuggestionContext): readonly Suggestion[] {
  const { candidate } = judgement;
  const { effect } = candidate.act;
  // the call reads another table's rows too: it is not this check alone that would change
  if (candidate.check.effect.within !== undefined) return [];
  const library = findLibraryEdits(effect.client.library);
  const site = library === undefined ? undefined : locatePair(context.source, candidate);
  if (library === undefined || site === undefined) return [];
  const engine = effect.client.engine ?? context.table?.engine ?? context.engine;
  const call: CallContext = {
    source: context.source,
    client: effect.client,
    answer: effect.answer,
    around: site.around,
    ...(engine === undefined ? {} : { engine }),
    ...(context.table === undefined ? {} : { table: context.table }),
  };
  if (effect.kind === 'update') {
    const update = library.readUpdate?.(site.act, call);
    const suggestion =
      (update && planConditionalWrite(site, candidate, update, trace.steps)) ??
      planRowLock(site, candidate, trace, library, call);
    return suggestion === undefined ? [] : [suggestion];
  }
  if (effect.kind === 'delete') {
    const deletion = library.countDeleted?.(site.act, call);
    const suggestion = deletion && planSingleUse(site, candidate, trace, deletion);
    return suggestion === undefined ? [] : [suggestion];
  }
  // an upsert has its one conflict clause already
  if (effect.onConflict.kind !== 'fail') return [];
  const insert = library.readInsert?.(site.act, call);
  return insert === undefined ? [] : planInsert(site, judgement, insert, engine);
}
