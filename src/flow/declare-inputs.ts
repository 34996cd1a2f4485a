import type { InputValue, Value } from '../model/value.ts';
import type { OpenInput } from '../project/open-type.ts';
import type { DeclaredInput, DeclaredMember } from '../project/root-candidate.ts';
import { openModule } from './evaluate-module.ts';
import { nameMember } from './get-member.ts';
import type { ModuleScope } from './module-scope.ts';
import { declareOpenType, findOpenType } from './open-type-members.ts';
import { resolveContextType } from './resolve-type.ts';
import type { Run } from './run.ts';

/**
 * Arguments of a root with members whose types are declared elsewhere: `ctx` of a procedure has the type that the router
 * was made with. Where the function says the type itself, that one counts.
 *
 * @param module where the root stands
 * @param args the inputs as they are without
 */
export function declareInputs(
  run: Run,
  module: ModuleScope,
  args: readonly Value[],
  inputs: readonly DeclaredInput[],
): readonly Value[] {
  return inputs.reduce((known, declared) => {
    if (declared.kind === 'open') return declareOpen(run, module, known, declared);
    const { parameter, member } = declared;
    const input = known[parameter];
    if (input?.kind !== 'input' || input.type !== undefined) return known;
    const value = resolveContext(run, declared, { kind: 'input', name: nameMember(input.name, member) });
    if (value === undefined) return known;
    const whole: Value = { kind: 'object', entries: [{ name: member, value }], spreads: [input], complete: false };
    return known.with(parameter, whole);
  }, args);
}

function declareOpen(run: Run, module: ModuleScope, args: readonly Value[], declared: OpenInput): readonly Value[] {
  const { parameter } = declared;
  const input = parameter === 'this' ? undefined : args[parameter];
  if (parameter === 'this' || input?.kind !== 'input' || input.type !== undefined) return args;
  const typed = makeOpenInput(run, module, declared, input);
  return typed === undefined ? args : args.with(parameter, typed);
}

/** What a framework binds `this` to in a function that it calls. */
export function declareThis(run: Run, module: ModuleScope, inputs: readonly DeclaredInput[]): Value | undefined {
  const declared = inputs.find((each) => each.kind === 'open' && each.parameter === 'this');
  return declared?.kind === 'open' ? makeOpenInput(run, module, declared, { kind: 'input', name: 'this' }) : undefined;
}

function makeOpenInput(
  run: Run,
  module: ModuleScope,
  { open, argument }: OpenInput,
  input: InputValue,
): Value | undefined {
  const type = findOpenType(run.analyzer, open);
  const given = argument && openModule(run.analyzer, argument.file);
  if (type === undefined) return undefined;
  return declareOpenType(run.analyzer, type, input, given && argument && { module: given, type: argument.type }, {
    module,
    node: module.file.program,
  });
}

/** All procedures of a router have one context: it is looked at once. */
function resolveContext(run: Run, { file, type }: DeclaredMember, part: InputValue): Value | undefined {
  const { contexts } = run.analyzer;
  const key = `${file}#${String(type.range[0])}#${part.name}`;
  if (!contexts.has(key)) {
    const module = openModule(run.analyzer, file);
    contexts.set(key, module && resolveContextType(run, module, type, part));
  }
  return contexts.get(key);
}
