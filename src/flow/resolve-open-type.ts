import type { TSESTree } from '@typescript-eslint/utils';
import type { InputValue, Value } from '../model/value.ts';
import type { OpenType } from '../project/open-type.ts';
import type { ModuleScope } from './module-scope.ts';
import { declareOpenType, findExportedOpenType } from './open-type-members.ts';
import type { Run } from './run.ts';

/**
 * An input of a framework's own type, to which the project adds members: `c: Context<Env>`, `locals: App.Locals`.
 *
 * @param name the type's name as written, with its namespaces
 */
export function resolveOpenType(
  run: Run,
  module: ModuleScope,
  type: TSESTree.TSTypeReference,
  name: string,
  value: Value,
): Value | undefined {
  if (value.kind !== 'input' && value.kind !== 'unknown' && value.kind !== 'apply') return undefined;
  const found = findImportedOpenType(run, module, name);
  if (found === undefined) return undefined;
  const argument = found.argument && type.typeArguments?.params[found.argument.index];
  const input: InputValue = { kind: 'input', name: value.kind === 'input' ? value.name : 'value' };
  return declareOpenType(run.analyzer, found, input, argument && { module, type: argument }, { module, node: type });
}

function findImportedOpenType(run: Run, module: ModuleScope, name: string): OpenType | undefined {
  const { analyzer } = run;
  if (analyzer.openTypes.length === 0) return undefined;
  const [head = name, ...members] = name.split('.');
  const binding = module.bindings.get(head);
  if (binding?.kind !== 'import')
    return analyzer.openTypes.find((type) => type.globals?.includes(name) === true && !module.types.has(head));
  const imported = binding.name === '*' ? members.join('.') : [binding.name, ...members].join('.');
  return findExportedOpenType(analyzer, binding.specifier, imported);
}
