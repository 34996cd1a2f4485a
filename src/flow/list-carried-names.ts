import type { TSESTree } from '@typescript-eslint/utils';
import type { Value } from '../model/value.ts';
import type { Analyzer } from './analyzer.ts';
import { mayReachClient } from './may-reach-client.ts';
import { findOpenMember, findOpenType, openExtensions } from './open-type-members.ts';
import { openModule } from './evaluate-module.ts';
import { resolveInputMember } from './resolve-type.ts';
import type { Run } from './run.ts';
import { createRun } from './run.ts';

/**
 * The names under which a project puts clients, or objects with clients, on a framework's objects, as a pattern that
 * matches where one is mentioned.
 *
 * @returns undefined where there are none
 */
export function listCarriedNames(analyzer: Analyzer): RegExp | undefined {
  if (analyzer.carried === undefined) {
    // what is found out on the way does not know of them yet
    analyzer.carried = { names: undefined };
    const names = new Set<string>();
    const run = createRun(analyzer, true);
    for (const [id, members] of openExtensions(analyzer)) {
      const type = findOpenType(analyzer, id);
      if (type === undefined) continue;
      for (const [name, [first]] of members) {
        const module = first && openModule(analyzer, first.file);
        if (module === undefined) continue;
        const record = { module, node: module.file.program, open: { type, hasArgument: false } };
        const value = findOpenMember(run, record, name, { kind: 'input', name });
        if (value !== undefined && leadsToClient(run, value, 2)) names.add(name);
      }
    }
    if (names.size > 0) {
      analyzer.reach.clear();
      analyzer.carried = { names: new RegExp(`\\b(?:${[...names].map(escape).join('|')})\\b`, 'u') };
    }
  }
  return analyzer.carried.names;
}

function escape(name: string): string {
  return name.replaceAll(/[^\w]/g, '\\$&');
}

function leadsToClient(run: Run, value: Value, depth: number): boolean {
  switch (value.kind) {
    case 'chain':
      return value.root.kind === 'client';
    case 'instance': {
      const record = run.analyzer.instances.get(value.id);
      return record !== undefined && mayReachClient(run.analyzer, record.class.module.file.path);
    }
    case 'object':
      return value.entries.some((entry) => leadsToClient(run, entry.value, depth - 1));
    case 'input': {
      const record = value.type === undefined ? undefined : run.analyzer.types.get(value.type);
      if (record === undefined || depth === 0) return false;
      return listMemberNames(record.node).some((name) => {
        const member = resolveInputMember(run, value, name);
        return member !== undefined && leadsToClient(run, member, depth - 1);
      });
    }
    default:
      return false;
  }
}

function listMemberNames(node: TSESTree.Node): readonly string[] {
  const members =
    node.type === 'TSInterfaceDeclaration' ? node.body.body : node.type === 'TSTypeLiteral' ? node.members : [];
  return members.flatMap((member) =>
    member.type === 'TSPropertySignature' && member.key.type === 'Identifier' ? [member.key.name] : [],
  );
}
