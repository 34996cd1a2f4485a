import type { ObjectEntry, Value } from '../model/value.ts';
import { isWrapper } from './can-act.ts';
import { nameMember } from './get-member.ts';

/**
 * What a value made elsewhere tells of a value of the same type: its clients, objects and functions. Its data are those of
 * another run, so that they become members of the input.
 *
 * @param made what a function returned that was called to learn its type
 * @param part the input that has that type
 * @returns undefined where there is nothing but data
 */
export function keepHandles(made: Value, part: Value): Value | undefined {
  switch (made.kind) {
    case 'chain':
      // what a package computed (a session, a parsed body) is data, too
      return made.root.kind === 'client' || made.steps.every((step) => step.args === undefined) || isWrapper(made)
        ? made
        : undefined;
    case 'instance':
    case 'class':
    case 'module':
    case 'function':
      return made;
    case 'input':
      return made.type === undefined || part.kind !== 'input' ? undefined : { ...made, name: part.name };
    case 'choice':
      return keepHandles(made.then, part) ?? keepHandles(made.otherwise, part);
    case 'object': {
      const spread = made.spreads.map((each) => keepHandles(each, part)).find((each) => each !== undefined);
      const entries = made.entries.flatMap(({ name, value }): readonly ObjectEntry[] => {
        const member: Value = { kind: 'input', name: part.kind === 'input' ? nameMember(part.name, name) : name };
        return [{ name, value: keepHandles(value, member) ?? member }];
      });
      const isKnown =
        spread !== undefined || entries.some(({ value }) => value.kind !== 'input' || value.type !== undefined);
      return isKnown ? { kind: 'object', entries, spreads: [spread ?? part], complete: false } : undefined;
    }
    case 'array':
    case 'answer':
    case 'fresh':
    case 'element':
    case 'apply':
    case 'template':
    case 'current':
    case 'constant':
    case 'unknown':
      return undefined;
  }
}
