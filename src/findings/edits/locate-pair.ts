import type { TSESTree } from '@typescript-eslint/utils';
import type { Location } from '../../model/location.ts';
import type { Step } from '../../model/trace.ts';
import type { Candidate } from '../find-candidates.ts';
import { bindNames, findAnswerPart } from './answer-names.ts';
import type { AnswerNames, AnswerPart } from './answer-names.ts';
import type { SourceText } from './source-text.ts';
import {
  findFunctionAround,
  findNodeAt,
  findReferences,
  findStatement,
  isInside,
  unwrap,
  wrapperOf,
} from './syntax-nodes.ts';
import type { FunctionNode } from './syntax-nodes.ts';

/** A check and an act in one function of the linted file, found again in its syntax. */
export interface PairSite {
  readonly source: SourceText;
  readonly around: FunctionNode;
  /** The call that reads, or the call of the helper that does. */
  readonly check: TSESTree.Expression;
  /** The statement that declares what was read; the statement around the check where nothing is declared. */
  readonly checkStatement: TSESTree.Statement;
  /** True when the check's own call is here, not behind a helper. */
  readonly isCheckDirect: boolean;
  readonly answer: AnswerNames;
  /** Constants that only take parts of the answer: `const item = rows[0]`. They go where the check goes. */
  readonly aliases: readonly TSESTree.Statement[];
  readonly act: TSESTree.Expression;
  /** The act with `await` around it. */
  readonly actWhole: TSESTree.Node;
  readonly actStatement: TSESTree.Statement;
}

/** Undefined where check and act are not both in one function of this file, or the answer goes ways that are not followed. */
export function locatePair(source: SourceText, { check, act }: Candidate): PairSite | undefined {
  if (act.effect.location.file !== source.path) return undefined;
  const actNode = findNodeAt(source, act.effect.location.range);
  const around = actNode && findFunctionAround(actNode);
  if (actNode === undefined || around === undefined) return undefined;
  const places = [check.effect.location, ...check.calls.map((call) => call.location).toReversed()];
  const own = places.findIndex((place) => isPlaceInside(place, source, around));
  const place = places[own];
  if (place === undefined) return undefined;
  const found = findNodeAt(source, place.range);
  const checkNode = found === undefined ? undefined : (unwrap(found) as TSESTree.Expression);
  if (checkNode === undefined || findFunctionAround(checkNode) !== around) return undefined;
  const checkStatement = findStatement(checkNode);
  const actStatement = findStatement(actNode);
  if (checkStatement === undefined || actStatement === undefined) return undefined;
  const isCheckDirect = own === 0;
  const shape =
    isCheckDirect || check.effect.answer.kind === 'row'
      ? check.effect.answer
      : ({ kind: 'row', absent: 'undefined' } as const);
  const parts = new Map<string, AnswerPart>();
  const answer: AnswerNames = { parts, call: checkNode, shape };
  const aliases = bindDeclarations(around, checkStatement, checkNode, answer, parts);
  if (aliases === undefined) return undefined;
  return {
    source,
    around,
    check: checkNode,
    checkStatement,
    isCheckDirect,
    answer,
    aliases,
    act: actNode,
    actWhole: wrapperOf(actNode),
    actStatement,
  };
}

function isPlaceInside(place: Location, source: SourceText, around: TSESTree.Node): boolean {
  return place.file === source.path && around.range[0] <= place.range[0] && place.range[1] <= around.range[1];
}

/** The declaration of the answer, and constants that only take parts of it: `const item = rows[0]`. */
function bindDeclarations(
  around: FunctionNode,
  statement: TSESTree.Statement,
  check: TSESTree.Node,
  answer: AnswerNames,
  parts: Map<string, AnswerPart>,
): readonly TSESTree.Statement[] | undefined {
  if (statement.type !== 'VariableDeclaration') return [];
  const [declarator, ...more] = statement.declarations;
  if (declarator?.init == null || more.length > 0 || !isInside(check, declarator.init)) return undefined;
  const whole = findAnswerPart(declarator.init, answer);
  if (!bindNames(declarator.id, whole, parts)) return undefined;
  const aliases: TSESTree.Statement[] = [];
  const names = new Set(parts.keys());
  const uses = findReferences(around, names, [statement]);
  // one level of constants that take the row out of the rows
  for (const use of uses) {
    const inner = findStatement(use);
    if (inner?.type !== 'VariableDeclaration' || inner.kind !== 'const') continue;
    const [part] = inner.declarations;
    if (inner.declarations.length !== 1 || part?.init == null) continue;
    const taken = findAnswerPart(part.init, answer);
    if (taken?.kind === 'shape' && bindNames(part.id, taken, parts)) aliases.push(inner);
  }
  return aliases;
}

/** Statements of one effect between two steps of the trace that stay when the request fails. */
export function hasLastingBetween(steps: readonly Step[], check: Step, act: Step): boolean {
  return steps
    .slice(steps.indexOf(check) + 1, steps.indexOf(act))
    .some(
      ({ effect }) =>
        ['insert', 'update', 'delete', 'command', 'block'].includes(effect.kind) ||
        (effect.kind === 'external' && effect.action !== 'read'),
    );
}
