import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Finding } from '../model/finding.ts';
import type { Location } from '../model/location.ts';
import type { RelationFacts } from '../model/schema-facts.ts';
import type { Step, Trace } from '../model/trace.ts';
import { findCacheUpdates } from './find-cache-updates.ts';
import { findCandidates } from './find-candidates.ts';
import { findCommonFile, findLocationIn } from './find-location.ts';
import { findMissingKey } from './find-missing-key.ts';
import { findPartialFailures } from './find-partial-failures.ts';
import { findSharedTransactions } from './find-shared-transactions.ts';
import type { SourceText } from './edits/source-text.ts';
import { judgeCandidate } from './judge-candidate.ts';
import type { JudgeContext } from './ask-engines.ts';
import { mayMeetItself } from './may-meet-itself.ts';
import { splitMatchedRows } from './split-matched-rows.ts';
import { splitRelatedReads } from './split-related-reads.ts';
import { suggestEdits } from './suggest-edits.ts';
import type { SuggestionContext, SuggestionSubject } from './suggest-edits.ts';
import { wordJudgement } from './word-judgement.ts';
import type { SpellPlace, Wording } from './word-judgement.ts';
import { wordCacheUpdate, wordPartialFailure, wordSharedTransaction } from './word-others.ts';

/** What collecting needs from the project. */
export interface CollectContext extends JudgeContext {
  /** Absolute path of the analysed file: findings are placed in it. */
  readonly file: string;
  readonly root: string;
  /** That file's text and syntax; without it there are no suggestions. */
  readonly source?: SourceText;
  readonly isSameTable: (a: string, b: string) => boolean;
  /** What a client means by a relation of a table. */
  readonly findRelation: (table: string, name: string) => RelationFacts | undefined;
}

/** All findings of a file's traces: at most one a rule and place, in the order of their places. */
export function collectFindings(traces: readonly Trace[], context: CollectContext): readonly Finding[] {
  const found = new Map<string, Finding>();
  const add = (finding: Finding | undefined): void => {
    if (finding === undefined) return;
    const key = `${finding.rule}@${String(finding.location.range[0])}`;
    const before = found.get(key);
    if (before === undefined || (before.confidence === 'possible' && finding.confidence === 'proven'))
      found.set(key, finding);
  };
  for (const trace of traces) {
    for (const finding of collectFromTrace(trace, context)) add(finding);
  }
  return [...found.values()].sort((a, b) => a.location.range[0] - b.location.range[0] || a.rule.localeCompare(b.rule));
}

function collectFromTrace(whole: Trace, context: CollectContext): readonly Finding[] {
  const trace = splitMatchedRows(splitRelatedReads(whole, context.findRelation));
  const place: SpellPlace = (location) =>
    `${path.relative(context.root, location.file)}:${String(location.start.line)}`;
  const suggest = (subject: SuggestionSubject, table?: SuggestionContext['table']): Finding['suggestions'] =>
    context.source === undefined
      ? []
      : suggestEdits(subject, {
          source: context.source,
          ...(table === undefined ? {} : { table }),
          ...(context.engine === undefined ? {} : { engine: context.engine }),
        });
  const findings: Finding[] = [];
  const judgedActs = new Set<Step>();
  const isRepeated = trace.root.bound === 'each start';
  for (const candidate of findCandidates(trace, context.isSameTable)) {
    if (judgedActs.has(candidate.act) || !mayMeetItself(trace.root, candidate.act)) continue;
    const location = findLocationIn(candidate.act, context.file);
    if (location === undefined || findCommonFile([candidate.check, candidate.act]) !== context.file) continue;
    const judgement = judgeCandidate(trace, candidate, context);
    if (judgement === undefined) continue;
    // the instance that fails is started again, and finds the row
    if (isRepeated && judgement.rule === 'require-conflict-handling') continue;
    judgedActs.add(candidate.act);
    const related = [{ label: 'the check', location: candidate.check.effect.location }];
    if (candidate.act.effect.location !== location)
      related.push({ label: 'the write', location: candidate.act.effect.location });
    if (judgement.key !== undefined)
      related.push({ label: 'the unique key', location: judgement.key.provenance.location });
    const missingKey = findMissingKey(judgement);
    findings.push({
      rule: judgement.rule,
      anomaly: judgement.witness.anomaly,
      confidence: judgement.assumptions.length === 0 ? 'proven' : 'possible',
      location,
      functionName: trace.root.name,
      related,
      witness: judgement.witness,
      places: readPlaces(trace),
      assumptions: judgement.assumptions,
      ...finish(wordJudgement(judgement, place), judgement.rule, trace, [candidate.check, candidate.act]),
      suggestions: suggest({ kind: 'pair', judgement, trace }, judgement.table),
      ...(missingKey === undefined ? {} : { missingKey }),
    });
  }
  for (const failure of isRepeated ? [] : findPartialFailures(trace)) {
    if (failure.group.location.file !== context.file) continue;
    findings.push({
      rule: 'no-partial-failure',
      anomaly: failure.witness.anomaly,
      confidence: 'proven',
      location: failure.group.location,
      functionName: trace.root.name,
      related: listRelated(failure.steps),
      witness: failure.witness,
      places: readPlaces(trace),
      assumptions: [],
      ...finish(wordPartialFailure(failure, place), 'no-partial-failure', trace, failure.steps),
      suggestions: suggest({ kind: 'partial failure', failure }),
    });
  }
  for (const transaction of findSharedTransactions(trace, context)) {
    const { begin, writes, commit, rollback, witness, assumptions } = transaction;
    const location = findLocationIn(begin, context.file);
    if (location === undefined || findCommonFile([begin, commit, rollback]) !== context.file) continue;
    findings.push({
      rule: 'no-weak-isolation',
      anomaly: witness.anomaly,
      confidence: assumptions.length === 0 ? 'proven' : 'possible',
      location,
      functionName: trace.root.name,
      related: listRelated([...writes, commit, rollback]),
      witness,
      places: readPlaces(trace),
      assumptions,
      ...finish(wordSharedTransaction(transaction, place), 'no-weak-isolation', trace, [begin, ...writes]),
      suggestions: suggest({ kind: 'shared transaction', transaction }),
    });
  }
  for (const update of findCacheUpdates(trace)) {
    const location = findLocationIn(update.second, context.file);
    if (location === undefined || findCommonFile([update.first, update.second]) !== context.file) continue;
    findings.push({
      rule: update.rule,
      anomaly: update.witness.anomaly,
      confidence: 'proven',
      location,
      functionName: trace.root.name,
      related: [{ label: 'the first command', location: update.first.effect.location }],
      witness: update.witness,
      places: readPlaces(trace),
      assumptions: [],
      ...finish(wordCacheUpdate(update, place), update.rule, trace, [update.first, update.second]),
      suggestions: suggest({ kind: 'cache', update }),
    });
  }
  return findings;
}

/** The calls, each once: one helper that several branches call is one place to look at. */
function listRelated(steps: readonly Step[]): Finding['related'] {
  const related = new Map<string, Finding['related'][number]>();
  for (const { effect } of steps) {
    const { file, range } = effect.location;
    related.set(`${file}:${String(range[0])} ${effect.label}`, { label: effect.label, location: effect.location });
  }
  return [...related.values()];
}

function finish(
  wording: Wording,
  rule: string,
  trace: Trace,
  steps: readonly Step[],
): Wording & { fingerprint: string } {
  const text = [rule, trace.root.name, ...steps.map((step) => step.effect.label), wording.invariant].join('\n');
  return { ...wording, fingerprint: createHash('sha256').update(text).digest('hex').slice(0, 16) };
}

/** Where each operation of a witness is: ids of copies (`e3/second`) are found by their effect. */
function readPlaces(trace: Trace): Readonly<Record<string, Location>> {
  const places: Record<string, Location> = {};
  for (const step of trace.steps) {
    places[step.effect.id] = step.effect.location;
    if (step.parallel !== undefined) {
      places[`${step.effect.id}/first`] = step.effect.location;
      places[`${step.effect.id}/second`] = step.effect.location;
    }
  }
  return places;
}
