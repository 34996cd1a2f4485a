import type { TSESTree } from '@typescript-eslint/utils';
import { duplicateMarks } from '../effects/duplicate-marks.ts';
import type { ErrorHandling } from '../model/trace.ts';
import { locate } from './locate.ts';
import type { ModuleScope } from './module-scope.ts';
import type { Run } from './run.ts';
import { findFunction } from './run.ts';
import type { Scope } from './scope.ts';
import { isFunctionNode } from './records.ts';

/** Names of columns or constraints in the text of a handler: string literals after `constraint`, `target`, `includes`. */
const namePattern = /(?:includes|constraint(?:_name)?\s*===?|target[^'"`]*)\(?\s*['"`]([\w.]+)['"`]/g;

/**
 * What a catch clause does, judged from its text: does it look for a unique violation, does it throw again, and what?
 *
 * Misses: handlers that call a helper which throws.
 */
export function explainHandler(
  body: TSESTree.BlockStatement,
  param: TSESTree.BindingName | null,
  module: ModuleScope,
): ErrorHandling | undefined {
  const text = module.file.text.slice(body.range[0], body.range[1]);
  const name = param?.type === 'Identifier' ? param.name : undefined;
  const last = body.body.at(-1);
  const isDuplicate = duplicateMarks.test(text);
  const rethrows =
    last?.type === 'ThrowStatement' && last.argument.type === 'Identifier' && last.argument.name === name;
  if (rethrows && !isDuplicate) return undefined;
  return {
    catches: isDuplicate ? 'duplicate' : 'all',
    then:
      last?.type === 'ThrowStatement'
        ? rethrows
          ? isDuplicate
            ? 'continues'
            : 'rethrows'
          : 'throws other'
        : 'continues',
    names: [...text.matchAll(namePattern)].flatMap((match) => (match[1] === undefined ? [] : [match[1]])),
    location: locate(body, module.file.path),
  };
}

/** The same for the argument of `.catch(…)`: a function in place, or a name. */
export function explainHandlerFunction(
  node: TSESTree.Node,
  module: ModuleScope,
  scope: Scope,
  run: Run,
): ErrorHandling | undefined {
  if (isFunctionNode(node)) {
    if (node.body.type === 'BlockStatement') {
      const first = node.params[0];
      return explainHandler(node.body, first?.type === 'Identifier' ? first : null, module);
    }
    return { catches: 'all', then: 'continues', names: [], location: locate(node, module.file.path) };
  }
  if (node.type === 'Identifier') {
    const value = scope.lookup(node.name);
    const record = value?.kind === 'function' ? findFunction(run, value) : undefined;
    if (record !== undefined) return explainHandlerFunction(record.node, record.module, record.scope, run);
  }
  return { catches: 'all', then: 'continues', names: [], location: locate(node, module.file.path) };
}
