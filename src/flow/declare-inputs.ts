import type { InputValue, Value } from '../model/value.ts';
import type { DeclaredInput } from '../project/root-candidate.ts';
import { openModule } from './evaluate-module.ts';
import { nameMember } from './get-member.ts';
import { resolveContextType } from './resolve-type.ts';
import type { Run } from './run.ts';

/**
 * Arguments of a root with members whose types are declared elsewhere: `ctx` of a procedure has the type that the router
 * was made with. Where the function says the type itself, that one counts.
 *
 * @param args the inputs as they are without
 */
export function declareInputs(run: Run, args: readonly Value[], inputs: readonly DeclaredInput[]): readonly Value[] {
  return inputs.reduce((known, declared) => {
    const { parameter, member } = declared;
    const input = known[parameter];
    if (input?.kind !== 'input' || input.type !== undefined) return known;
    const value = resolveContext(run, declared, { kind: 'input', name: nameMember(input.name, member) });
    if (value === undefined) return known;
    const whole: Value = { kind: 'object', entries: [{ name: member, value }], spreads: [input], complete: false };
    return known.with(parameter, whole);
  }, args);
}

/** All procedures of a router have one context: it is looked at once. */
function resolveContext(run: Run, { file, type }: DeclaredInput, part: InputValue): Value | undefined {
  const { contexts } = run.analyzer;
  const key = `${file}#${String(type.range[0])}#${part.name}`;
  if (!contexts.has(key)) {
    const module = openModule(run.analyzer, file);
    contexts.set(key, module && resolveContextType(run, module, type, part));
  }
  return contexts.get(key);
}
