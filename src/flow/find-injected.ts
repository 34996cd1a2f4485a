import type { TSESTree } from '@typescript-eslint/utils';
import type { Value } from '../model/value.ts';
import type { Analyzer } from './analyzer.ts';
import { evaluateInPlace } from './evaluate-in-place.ts';
import { openModule } from './evaluate-module.ts';
import { getMember } from './get-member.ts';
import { listConstructions } from './list-constructions.ts';
import { locate } from './locate.ts';
import type { ClassRecord } from './records.ts';
import type { Run } from './run.ts';
import { createRun } from './run.ts';
import { isNothing } from './values.ts';
import { walkSyntax } from './walk-syntax.ts';

/**
 * What an untyped parameter of a constructor is by what is handed to it: a client that all who make objects of the class
 * hand over, wherever in the project they do.
 *
 * @returns undefined where they hand over different ones, a transaction, or something that does not show
 */
export function findInjected(run: Run, owner: ClassRecord, index: number, member?: string): Value | undefined {
  const { injected } = run.analyzer;
  const key = `${owner.id} ${String(index)} ${member ?? ''}`;
  if (injected.has(key)) return injected.get(key);
  // one that is made with another of its own kind
  injected.set(key, undefined);
  const found = agree(listHanded(run.analyzer, owner, index, member));
  injected.set(key, found);
  return found;
}

function agree(handed: readonly Value[]): Value | undefined {
  const given = handed.filter((value) => !isNothing(value));
  const [first] = given;
  return first !== undefined && given.every((value) => isSharedClient(value) && isSameClient(value, first))
    ? first
    : undefined;
}

function listHanded(analyzer: Analyzer, owner: ClassRecord, index: number, member: string | undefined): Value[] {
  analyzer.constructions ??= listConstructions(analyzer.project);
  const values: Value[] = [];
  for (const file of analyzer.constructions.get(owner.name) ?? []) {
    const module = openModule(analyzer, file);
    if (module === undefined) continue;
    const run = createRun(analyzer, true);
    for (const node of listNews(module.file.program, owner.name)) {
      const made = evaluateInPlace(run, module, node.callee);
      const argument = node.arguments[index];
      if (made.kind !== 'class' || made.id !== owner.id || argument === undefined) continue;
      if (argument.type === 'SpreadElement') return [{ kind: 'unknown', reason: 'a spread' }];
      const value = evaluateInPlace(run, module, argument);
      values.push(member === undefined ? value : getMember(run, value, member, locate(node, file)));
    }
  }
  return values;
}

function listNews(program: TSESTree.Program, name: string): readonly TSESTree.NewExpression[] {
  const found: TSESTree.NewExpression[] = [];
  walkSyntax(program, (node) => {
    if (node.type === 'NewExpression' && node.callee.type === 'Identifier' && node.callee.name === name)
      found.push(node);
    return true;
  });
  return found;
}

/** A client as it is, not a transaction or connection of somebody's own. */
function isSharedClient(value: Value): boolean {
  return (
    value.kind === 'chain' &&
    value.root.kind === 'client' &&
    value.steps.length === 0 &&
    value.root.client.connection === 'pool'
  );
}

function isSameClient(a: Value, b: Value): boolean {
  if (a.kind !== 'chain' || b.kind !== 'chain' || a.root.kind !== 'client' || b.root.kind !== 'client') return false;
  return a.root.client.library === b.root.client.library && a.root.client.engine === b.root.client.engine;
}
