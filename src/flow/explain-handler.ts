import type { TSESTree } from '@typescript-eslint/utils';
import { conflictMarks, duplicateMarks } from '../effects/duplicate-marks.ts';
import type { ErrorHandling } from '../model/trace.ts';
import { locate } from './locate.ts';
import type { ModuleScope } from './module-scope.ts';
import { findFunction } from './run.ts';
import { isFunctionNode } from './records.ts';
import { readHandlerText } from './read-handler-text.ts';
import type { Place } from './read-handler-text.ts';

/** Names of columns or constraints in the text of a handler: string literals after `constraint`, `target`, `includes`. */
const namePattern = /(?:includes|constraint(?:_name)?\s*===?|target[^'"`]*)\(?\s*['"`]([\w.]+)['"`]/g;

/**
 * What a catch clause does, judged from its text: does it look for a unique violation, does it throw again, and what?
 *
 * Misses: handlers that call a helper which throws, for what it throws.
 *
 * @param around `retry`: a loop that runs the block again until it succeeds; `callback`: the argument of `.catch(…)`,
 * after which the caller goes on
 */
export function explainHandler(
  body: TSESTree.BlockStatement,
  param: TSESTree.BindingName | null,
  place: Place,
  around: 'retry' | 'callback' | undefined,
): ErrorHandling | undefined {
  const { file } = place.module;
  const text = file.text.slice(body.range[0], body.range[1]);
  const name = param?.type === 'Identifier' ? param.name : undefined;
  const last = body.body.at(-1);
  const catches = findCaught(text) ?? findCaught(readHandlerText(body, name, place)) ?? 'all';
  const throws = last?.type === 'ThrowStatement';
  const rethrows = throws && last.argument.type === 'Identifier' && last.argument.name === name;
  const retries = around === 'retry' && (!throws || /\bcontinue\b/.test(text));
  if (rethrows && catches === 'all' && !retries) return undefined;
  // an error that is told apart has a way of its own before the last throw, if it does not throw there too
  const isToldApart = catches !== 'all' && /\b(return|continue|break)\b/.test(text);
  return {
    catches,
    then: retries
      ? 'retries'
      : !throws || isToldApart
        ? 'continues'
        : rethrows && catches === 'all'
          ? 'rethrows'
          : 'throws other',
    leaves: throws ? around !== 'callback' || !isToldApart : last?.type === 'ReturnStatement' && around !== 'callback',
    names: [...text.matchAll(namePattern)].flatMap((match) => (match[1] === undefined ? [] : [match[1]])),
    location: locate(body, file.path),
  };
}

function findCaught(text: string): ErrorHandling['catches'] | undefined {
  if (duplicateMarks.test(text)) return 'duplicate';
  return conflictMarks.test(text) ? 'conflict' : undefined;
}

/** Is it in a loop that counts or waits, and leaves it once its block succeeds? Rows are looped over with `of`. */
export function isRetried(statement: TSESTree.TryStatement): boolean {
  let node: TSESTree.Node = statement;
  const ends = [statement.block.body.at(-1)];
  for (;;) {
    const parent: TSESTree.Node | undefined = node.parent;
    if (parent === undefined || isFunctionNode(parent)) return false;
    if (parent.type === 'BlockStatement') ends.push(parent.body[parent.body.indexOf(node as TSESTree.Statement) + 1]);
    if (/^(For|While|DoWhile)Statement$/.test(parent.type)) break;
    if (/^For(In|Of)Statement$/.test(parent.type)) return false;
    node = parent;
  }
  return ends.some((end) => end?.type === 'ReturnStatement' || end?.type === 'BreakStatement');
}

/** The same for the argument of `.catch(…)`: a function in place, or a name. */
export function explainHandlerFunction(node: TSESTree.Node, place: Place): ErrorHandling | undefined {
  const { run, module, scope } = place;
  if (isFunctionNode(node)) {
    if (node.body.type === 'BlockStatement') {
      const first = node.params[0];
      return explainHandler(node.body, first?.type === 'Identifier' ? first : null, place, 'callback');
    }
    return goesOn(node, module);
  }
  if (node.type === 'Identifier') {
    const value = scope.lookup(node.name);
    const record = value?.kind === 'function' ? findFunction(run, value) : undefined;
    if (record !== undefined)
      return explainHandlerFunction(record.node, { run, module: record.module, scope: record.scope });
  }
  return goesOn(node, module);
}

function goesOn(node: TSESTree.Node, module: ModuleScope): ErrorHandling {
  return { catches: 'all', then: 'continues', leaves: false, names: [], location: locate(node, module.file.path) };
}
