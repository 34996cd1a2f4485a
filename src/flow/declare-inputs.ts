import type { Value } from '../model/value.ts';
import type { DeclaredInput } from '../project/root-candidate.ts';
import { openModule } from './evaluate-module.ts';
import { nameMember } from './get-member.ts';
import type { FunctionRecord } from './records.ts';
import { resolveContextType } from './resolve-type.ts';
import type { Run } from './run.ts';

/**
 * Arguments of a root with members whose types are declared elsewhere: `ctx` of a procedure has the type that the router
 * was made with. Where the function says the type itself, that one counts.
 *
 * @param args the inputs as they are without
 */
export function declareInputs(
  run: Run,
  record: FunctionRecord,
  args: readonly Value[],
  inputs: readonly DeclaredInput[],
): readonly Value[] {
  return inputs.reduce((known, { parameter, member, type, file }) => {
    const input = known[parameter];
    const module = openModule(run.analyzer, file);
    if (input?.kind !== 'input' || input.type !== undefined || module === undefined) return known;
    const part: Value = { kind: 'input', name: nameMember(input.name, member) };
    const value = resolveContextType(run, module, type, part);
    if (value === undefined) return known;
    const whole: Value = { kind: 'object', entries: [{ name: member, value }], spreads: [input], complete: false };
    return known.with(parameter, whole);
  }, args);
}
