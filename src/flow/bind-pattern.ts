import type { TSESTree } from '@typescript-eslint/utils';
import type { ObjectValue, Value } from '../model/value.ts';
import { evaluate } from './evaluate-expression.ts';
import { getMember } from './get-member.ts';
import { locate } from './locate.ts';
import type { ModuleScope } from './module-scope.ts';
import { readPatternNames } from './module-scope.ts';
import { resolveDeclaredValue } from './resolve-type.ts';
import type { Run } from './run.ts';
import type { Scope } from './scope.ts';
import { apply, choose, constant } from './values.ts';

/**
 * Declares the names of a pattern with the parts of a value that they bind.
 *
 * @param declared the type annotation of the whole pattern, used where the value itself does not tell what it is
 */
export function bindPattern(
  run: Run,
  module: ModuleScope,
  scope: Scope,
  pattern: TSESTree.Node,
  value: Value,
  declared: TSESTree.TypeNode | undefined,
): void {
  switch (pattern.type) {
    case 'Identifier': {
      const type = pattern.typeAnnotation?.typeAnnotation ?? declared;
      scope.declare(
        pattern.name,
        type === undefined ? value : (resolveDeclaredValue(run, module, type, value) ?? value),
      );
      break;
    }
    case 'AssignmentPattern': {
      const isAbsent = value.kind === 'constant' && value.value === undefined;
      const isKnown =
        value.kind !== 'input' && value.kind !== 'unknown' && value.kind !== 'apply' && value.kind !== 'answer';
      const fallback = isKnown && !isAbsent ? value : evaluate(run, module, scope, pattern.right);
      const chosen = isAbsent
        ? fallback
        : isKnown || !isHandle(fallback)
          ? isKnown || fallback.kind === 'constant'
            ? value
            : choose(apply('===', [value, constant(undefined)]), fallback, value)
          : fallback;
      bindPattern(run, module, scope, pattern.left, chosen, declared);
      break;
    }
    case 'ObjectPattern': {
      const whole = resolveWhole(run, module, pattern, value, declared);
      const taken: string[] = [];
      for (const property of pattern.properties) {
        if (property.type === 'RestElement') {
          bindPattern(run, module, scope, property.argument, omit(whole, taken), undefined);
          continue;
        }
        const name = readKey(run, module, scope, property);
        if (name !== undefined) taken.push(name);
        const part =
          name === undefined
            ? apply('member', [whole])
            : getMember(run, whole, name, locate(property, module.file.path));
        bindPattern(run, module, scope, property.value, part, undefined);
      }
      break;
    }
    case 'ArrayPattern': {
      const whole = resolveWhole(run, module, pattern, value, declared);
      pattern.elements.forEach((element, index) => {
        if (element === null) return;
        if (element.type === 'RestElement')
          bindPattern(run, module, scope, element.argument, apply('rest', [whole]), undefined);
        else
          bindPattern(
            run,
            module,
            scope,
            element,
            getMember(run, whole, String(index), locate(element, module.file.path)),
            undefined,
          );
      });
      break;
    }
    case 'RestElement':
      bindPattern(run, module, scope, pattern.argument, value, declared);
      break;
    case 'TSParameterProperty':
      bindPattern(run, module, scope, pattern.parameter, value, declared);
      break;
    default:
      break;
  }
}

bindPattern.names = readPatternNames;

/** A default that is a client or a function says more about a parameter than "comes from outside". */
function isHandle(value: Value): boolean {
  return value.kind === 'chain' || value.kind === 'instance' || value.kind === 'function';
}

function resolveWhole(
  run: Run,
  module: ModuleScope,
  pattern: TSESTree.ObjectPattern | TSESTree.ArrayPattern,
  value: Value,
  declared: TSESTree.TypeNode | undefined,
): Value {
  const type = pattern.typeAnnotation?.typeAnnotation ?? declared;
  return type === undefined ? value : (resolveDeclaredValue(run, module, type, value) ?? value);
}

function readKey(run: Run, module: ModuleScope, scope: Scope, property: TSESTree.Property): string | undefined {
  if (property.computed) {
    const key = evaluate(run, module, scope, property.key);
    return key.kind === 'constant' ? String(key.value) : undefined;
  }
  if (property.key.type === 'Identifier') return property.key.name;
  return property.key.type === 'Literal' ? String(property.key.value) : undefined;
}

function omit(value: Value, names: readonly string[]): Value {
  if (value.kind !== 'object') return value;
  const rest: ObjectValue = { ...value, entries: value.entries.filter((entry) => !names.includes(entry.name)) };
  return rest;
}
