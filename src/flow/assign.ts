import type { TSESTree } from '@typescript-eslint/utils';
import type { Value } from '../model/value.ts';
import { bindPattern } from './bind-pattern.ts';
import { runBranches } from './branch.ts';
import { evaluate } from './evaluate-expression.ts';
import { locate } from './locate.ts';
import type { ModuleScope } from './module-scope.ts';
import type { Run } from './run.ts';
import type { Scope } from './scope.ts';
import { apply, choose, constant, negate, undefinedValue } from './values.ts';

/** An assignment expression: evaluates, writes, and gives the value. */
export function assign(run: Run, module: ModuleScope, scope: Scope, node: TSESTree.AssignmentExpression): Value {
  if (node.operator === '=') {
    const value = evaluate(run, module, scope, node.right);
    write(run, module, scope, node.left, value);
    return value;
  }
  const before = evaluate(run, module, scope, node.left);
  if (node.operator === '??=' || node.operator === '||=' || node.operator === '&&=') {
    const condition =
      node.operator === '??='
        ? apply('==', [before, constant(null)])
        : node.operator === '||='
          ? negate(before)
          : before;
    const [after] = runBranches(run, condition, locate(node.left, module.file.path), [
      () => evaluate(run, module, scope, node.right),
      undefined,
    ]);
    const value = choose(condition, after ?? undefinedValue, before);
    write(run, module, scope, node.left, value);
    return value;
  }
  const value = apply(node.operator.slice(0, -1), [before, evaluate(run, module, scope, node.right)]);
  write(run, module, scope, node.left, value);
  return value;
}

/**
 * Writes to a variable, a member or a pattern. Writing a member gives the variable that holds the object a new value
 * which contains the old one, so that `doc.stock -= 1` still derives from what was read. Aliases are not followed.
 */
function write(run: Run, module: ModuleScope, scope: Scope, target: TSESTree.Node, value: Value): void {
  switch (target.type) {
    case 'Identifier':
      writeVariable(run, scope, target.name, value);
      break;
    case 'MemberExpression': {
      const name =
        !target.computed && target.property.type === 'Identifier'
          ? target.property.name
          : target.property.type === 'Literal'
            ? String(target.property.value)
            : undefined;
      const base = evaluate(run, module, scope, target.object);
      write(run, module, scope, target.object, setMember(base, name, value));
      break;
    }
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'TSSatisfiesExpression':
      write(run, module, scope, target.expression, value);
      break;
    case 'ObjectPattern':
    case 'ArrayPattern': {
      const holder = scope.child();
      bindPattern(run, module, holder, target, value, undefined);
      for (const name of bindPattern.names(target)) writeVariable(run, scope, name, holder.get(name) ?? value);
      break;
    }
    default:
      break;
  }
}

function writeVariable(run: Run, scope: Scope, name: string, value: Value): void {
  const owner = scope.findOwner(name);
  if (owner === undefined) return;
  run.logs.at(-1)?.record(owner, name, owner.get(name));
  owner.declare(name, value);
}

/** The object with one member replaced. */
function setMember(base: Value, name: string | undefined, value: Value): Value {
  if (base.kind === 'object' && name !== undefined) {
    return { ...base, entries: [...base.entries.filter((entry) => entry.name !== name), { name, value }] };
  }
  if (base.kind === 'instance' || base.kind === 'chain' || base.kind === 'class' || base.kind === 'module') return base;
  if (name !== undefined && (base.kind === 'answer' || base.kind === 'input')) {
    return { kind: 'object', entries: [{ name, value }], spreads: [base], complete: false };
  }
  return apply('mutated', [base, value]);
}

assign.write = write;
assign.writeVariable = writeVariable;
