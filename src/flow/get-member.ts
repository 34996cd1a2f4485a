import type { AnswerValue, Value } from '../model/value.ts';
import type { Location } from '../model/location.ts';
import { findInstanceMember, findStaticMember } from './class-members.ts';
import { openModule, resolveExport } from './evaluate-module.ts';
import { extendChain } from './extend-chain.ts';
import { resolveInputMember } from './resolve-type.ts';
import type { Run } from './run.ts';
import { apply, choose, mayAct, undefinedValue, unknown } from './values.ts';

/**
 * The value of `base.name`.
 *
 * @param location of the member expression, for chains
 */
export function getMember(run: Run, base: Value, name: string, location: Location): Value {
  switch (base.kind) {
    case 'chain':
      return extendChain(run, base, { name, location });
    case 'object': {
      const entry = base.entries.findLast((candidate) => candidate.name === name);
      if (entry !== undefined) return entry.value;
      const spread = base.spreads.findLast((candidate) => candidate.kind !== 'constant');
      if (spread !== undefined) return getMember(run, spread, name, location);
      return base.complete ? undefinedValue : apply(`member:${name}`, [base]);
    }
    case 'array': {
      if (/^\d+$/.test(name)) {
        const element = base.elements[Number(name)];
        if (element !== undefined) return element;
        return base.complete ? undefinedValue : apply(`member:${name}`, [base]);
      }
      if (name === 'length' && base.complete) return { kind: 'constant', value: base.elements.length };
      return apply(`member:${name}`, [base]);
    }
    case 'answer':
      return walkAnswer(run, base, name);
    case 'choice':
      // choices share their sides: to look into each way through them takes as long as there are ways
      if (leaveRoom(base, mostAlternatives) < 0 && !mayAct(base)) return apply(`member:${name}`, [base]);
      return choose(
        base.condition,
        getMember(run, base.then, name, location),
        getMember(run, base.otherwise, name, location),
      );
    case 'input':
      return resolveInputMember(run, base, name) ?? { kind: 'input', name: nameMember(base.name, name) };
    case 'element':
      if (base.of.kind === 'input') {
        return resolveInputMember(run, base.of, '[]') === undefined
          ? apply(`member:${name}`, [base])
          : getMember(run, resolveInputMember(run, base.of, '[]') ?? base, name, location);
      }
      return apply(`member:${name}`, [base]);
    case 'instance':
      return findInstanceMember(run, base, name, location) ?? apply(`member:${name}`, [base]);
    case 'class':
      return findStaticMember(run, base, name) ?? apply(`member:${name}`, [base]);
    case 'module': {
      const module = openModule(run.analyzer, base.file);
      return (module && resolveExport(run.analyzer, module, name)) ?? unknown('no such export');
    }
    case 'function':
    case 'constant':
    case 'fresh':
    case 'apply':
    case 'template':
    case 'current':
      return apply(`member:${name}`, [base]);
    case 'unknown':
      return base;
  }
}

/** How many alternatives of a value are looked into for a member. */
const mostAlternatives = 24;

/** What is left of a number of alternatives after those of a value; stops below zero. */
function leaveRoom(value: Value, room: number): number {
  if (room < 0 || value.kind !== 'choice') return room - 1;
  return leaveRoom(value.otherwise, leaveRoom(value.then, room));
}

/** `input.teamId`; a destructured parameter has no name itself. */
export function nameMember(owner: string, name: string): string {
  return owner === '' ? name : `${owner}.${name}`;
}

/** A part of an answer: a field of the reply, a row, a column, a path inside a JSON column. */
function walkAnswer(run: Run, answer: AnswerValue, name: string): Value {
  const { shape } = answer;
  switch (shape.kind) {
    case 'row': {
      const effect = run.steps.find((step) => step.effect.id === answer.effect)?.effect;
      const computed = effect?.kind === 'read' ? effect.outputs?.[name] : undefined;
      if (computed !== undefined) return expandOutput(answer, computed);
      const column = shape.renamed?.[name] ?? name;
      return { ...answer, shape: { kind: 'scalar', absent: 'null' }, columns: [...answer.columns, column] };
    }
    case 'rows':
      if (/^\d+$/.test(name)) {
        return {
          ...answer,
          shape: {
            kind: 'row',
            absent: 'undefined',
            ...(shape.renamed === undefined ? {} : { renamed: shape.renamed }),
          },
        };
      }
      if (name === 'length' || name === 'count') return { ...answer, shape: { kind: 'count' } };
      return apply(`member:${name}`, [answer]);
    case 'scalar':
      return { ...answer, columns: [...answer.columns, name] };
    case 'object': {
      const field = shape.fields[name];
      return field === undefined ? apply(`member:${name}`, [answer]) : { ...answer, shape: field };
    }
    case 'tuple': {
      const item = /^\d+$/.test(name) ? shape.items[Number(name)] : undefined;
      return item === undefined ? apply(`member:${name}`, [answer]) : { ...answer, shape: item };
    }
    case 'count':
    case 'success':
    case 'error':
    case 'none':
      return apply(`member:${name}`, [answer]);
  }
}

/** A computed answer column, with the row's columns in place of the formula's. */
function expandOutput(answer: AnswerValue, formula: Value): Value {
  switch (formula.kind) {
    case 'current':
      return formula.column === '#'
        ? { ...answer, shape: { kind: 'count' } }
        : { ...answer, shape: { kind: 'scalar', absent: 'null' }, columns: [formula.column] };
    case 'apply':
      return { ...formula, operands: formula.operands.map((operand) => expandOutput(answer, operand)) };
    default:
      return formula;
  }
}
