import type { TSESTree } from '@typescript-eslint/utils';
import type { Value } from '../model/value.ts';
import type { Analyzer } from './analyzer.ts';
import { findImportHandlers } from './analyzer.ts';
import { bindPattern } from './bind-pattern.ts';
import { evaluate } from './evaluate-expression.ts';
import { identify } from './extend-chain.ts';
import { findLateHandle, namesVariable, selectLateValues } from './find-late-value.ts';
import { ModuleScope } from './module-scope.ts';
import type { ModuleBinding } from './module-scope.ts';
import { weighSource } from '../project/project.ts';
import { resolveModule } from './resolve-module.ts';
import { resolveDeclaredValue } from './resolve-type.ts';
import { createFunction, createRun } from './run.ts';
import type { Run } from './run.ts';
import { isNothing, mayAct } from './values.ts';

/** The module scope of a file, or undefined where it can't be read or parsed. */
export function openModule(analyzer: Analyzer, path: string): ModuleScope | undefined {
  if (analyzer.guest === path) analyzer.guest = undefined;
  if (analyzer.modules.has(path)) return analyzer.modules.get(path);
  const file = analyzer.project.readSource(path);
  const module = 'program' in file ? new ModuleScope(file, analyzer) : undefined;
  analyzer.modules.set(path, module);
  if (module !== undefined) analyzer.keptCharacters += weighSource(module.file);
  return module;
}

/** The value of a module-level name. Effects of module initialisation are nobody's request and are dropped. */
export function evaluateModuleBinding(
  analyzer: Analyzer,
  module: ModuleScope,
  name: string,
  binding: ModuleBinding,
): Value {
  switch (binding.kind) {
    case 'import':
      return resolveImport(analyzer, module, binding.specifier, binding.name);
    case 'variable': {
      const run = createRun(analyzer, true);
      const { id, init } = binding.declarator;
      const declared = id.type === 'Identifier' ? id.typeAnnotation?.typeAnnotation : undefined;
      const initial: Value =
        init === null ? { kind: 'unknown', reason: 'no initial value' } : evaluate(run, module, module.scope, init);
      const value =
        binding.declarator.parent.kind === 'const' ? initial : evaluateVariable(run, module, name, initial, declared);
      const holder = module.scope.child();
      bindPattern(run, module, holder, id, value, declared);
      return holder.get(name) ?? { kind: 'unknown', reason: 'not bound' };
    }
    case 'expression':
      return evaluate(createRun(analyzer, true), module, module.scope, binding.node);
    case 'function':
      return createFunction(createRun(analyzer, true), {
        id: `${module.file.path}#${String(binding.node.range[0])}`,
        name: binding.node.id?.name ?? 'default',
        node: binding.node,
        module,
        scope: module.scope,
      });
    case 'class': {
      const id = `${module.file.path}#${String(binding.node.range[0])}`;
      const className = binding.node.id?.name ?? 'default';
      analyzer.classes.set(id, { id, name: className, node: binding.node, module, scope: module.scope });
      return { kind: 'class', id, name: className };
    }
    case 'enum':
      return {
        kind: 'object',
        spreads: [],
        complete: true,
        entries: binding.node.body.members.map((member) => {
          const entry =
            member.id.type === 'Identifier' ? member.id.name : String((member.id as { value?: unknown }).value);
          const initial = member.initializer;
          return {
            name: entry,
            value:
              initial?.type === 'Literal' && (typeof initial.value === 'string' || typeof initial.value === 'number')
                ? { kind: 'constant', value: initial.value }
                : { kind: 'constant', value: `${binding.node.id.name}.${entry}` },
          };
        }),
      };
    case 'type':
      return { kind: 'unknown', reason: 'a type' };
  }
}

/** A variable that functions fill is what they put there; of any other that they change, nothing is known. */
function evaluateVariable(
  run: Run,
  module: ModuleScope,
  name: string,
  initial: Value,
  declared: TSESTree.TypeNode | undefined,
): Value {
  if (mayAct(initial)) return initial;
  const late = selectLateValues(module.changes, namesVariable(name));
  if (late.assigned.length === 0 && !late.isUpdated) return initial;
  const changed: Value = { kind: 'unknown', reason: 'functions change it' };
  if (initial.kind !== 'unknown' && !isNothing(initial)) return changed;
  const typed = declared && resolveDeclaredValue(run, module, declared, changed);
  return typed ?? findLateHandle(late, (right) => evaluate(run, module, module.scope, right)) ?? changed;
}

/** What an import binds: a value of another file of the project, or the export of a package. */
export function resolveImport(analyzer: Analyzer, module: ModuleScope, specifier: string, name: string): Value {
  const resolution = resolveModule(analyzer, module.file.path, specifier);
  if (resolution.kind === 'file') {
    if (name === '*') return { kind: 'module', file: resolution.path };
    const target = openModule(analyzer, resolution.path);
    const value = target === undefined ? undefined : resolveExport(analyzer, target, name);
    if (value !== undefined) return value;
  }
  // some packages export a client as it is
  return identify(createRun(analyzer, true), {
    kind: 'chain',
    root: { kind: 'export', package: resolution.kind === 'package' ? resolution.specifier : specifier, name },
    steps: [],
  });
}

/** What requiring a file or package gives. Of a package that is the default export, whose members are the package's own. */
export function resolveRequire(analyzer: Analyzer, module: ModuleScope, specifier: string): Value {
  const resolution = resolveModule(analyzer, module.file.path, specifier);
  if (resolution.kind !== 'file') return resolveImport(analyzer, module, specifier, 'default');
  return openModule(analyzer, resolution.path)?.required ?? { kind: 'module', file: resolution.path };
}

/** The value of an exported name, followed through re-exports; undefined where the module has no such export. */
export function resolveExport(
  analyzer: Analyzer,
  module: ModuleScope,
  name: string,
  visited: ReadonlySet<string> = new Set(),
): Value | undefined {
  const key = `${module.file.path}#${name}`;
  if (visited.has(key)) return undefined;
  const found = module.exports.get(name);
  if (found?.kind === 'local') return module.lookup(found.name);
  if (found?.kind === 'from') return resolveImport(analyzer, module, found.specifier, found.name);
  if (name === 'default') return undefined;
  const packages: string[] = [];
  for (const star of module.stars) {
    const resolution = resolveModule(analyzer, module.file.path, star);
    if (resolution.kind !== 'file') {
      if (findImportHandlers(analyzer, resolution.specifier).length > 0) packages.push(star);
      continue;
    }
    const target = openModule(analyzer, resolution.path);
    const value = target && resolveExport(analyzer, target, name, new Set([...visited, key]));
    if (value !== undefined) return value;
  }
  // what is exported by none of the project's files is the package's
  const [from] = packages;
  return from === undefined || packages.length > 1 ? undefined : resolveImport(analyzer, module, from, name);
}
