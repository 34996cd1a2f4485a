import type { ChainValue, Value } from '../model/value.ts';
import { findImportHandlers } from './analyzer.ts';
import type { Analyzer } from './analyzer.ts';
import { mayReachClient } from './may-reach-client.ts';
import { somePart } from './values.ts';

/**
 * Can code that gets this value have effects through it: a client, a builder that was not sent, a closure, an object of
 * a class? Unlike `mayAct`, it knows that exports of packages without an adapter do nothing that is modelled.
 */
export function canAct(analyzer: Analyzer, value: Value): boolean {
  const look = (part: Value): boolean => canAct(analyzer, part);
  switch (value.kind) {
    case 'function': {
      const record = analyzer.functions.get(value.id);
      return (
        record === undefined ||
        record.scope !== record.module.scope ||
        mayReachClient(analyzer, record.module.file.path)
      );
    }
    case 'class': {
      const record = analyzer.classes.get(value.id);
      return record === undefined || mayReachClient(analyzer, record.module.file.path);
    }
    case 'instance': {
      const record = analyzer.instances.get(value.id);
      if (record === undefined || mayReachClient(analyzer, record.class.module.file.path)) return true;
      return record.args?.some(look) ?? false;
    }
    case 'module':
      return mayReachClient(analyzer, value.file);
    case 'chain':
      if (value.root.kind === 'client') return true;
      // what a library made of arguments (a table, a condition) is no client, or it would have been recognized as one
      if (value.steps.some((step) => step.args !== undefined || step.template !== undefined)) return isWrapper(value);
      return findImportHandlers(analyzer, value.root.package).length > 0;
    case 'object':
    case 'array':
    case 'choice':
    case 'element': {
      const known = analyzer.acting.get(value) ?? somePart(value, look);
      analyzer.acting.set(value, known);
      return known;
    }
    case 'apply':
      return value.operator === 'spread' && value.operands.some(look);
    case 'input':
      return value.type !== undefined;
    case 'constant':
    case 'answer':
    case 'fresh':
    case 'template':
    case 'current':
    case 'unknown':
      return false;
  }
}

/** `cache(async (id) => …)`: what a package made of a function, and a call of which is a call of the function. */
export function isWrapper(chain: ChainValue): boolean {
  return chain.steps.at(-1)?.args?.some((arg) => arg.kind === 'function') ?? false;
}
