import type { CommandEdits, LibraryEdits } from './library-edits.ts';
import { textOf } from './source-text.ts';

const commands: CommandEdits = {
  setWithExpiry: (source, set, expire) => {
    const [key, value] = set.args;
    const time = expire.args[1];
    const unit = { expire: 'EX', pexpire: 'PX' }[expire.method.toLowerCase()];
    if (
      key === undefined ||
      value === undefined ||
      time === undefined ||
      unit === undefined ||
      set.method.toLowerCase() !== 'set'
    )
      return undefined;
    return `${textOf(source, set.receiver)}.${set.method}(${textOf(source, key)}, ${textOf(source, value)}, { ${unit}: ${textOf(source, time)} })`;
  },
  getAndDelete: (receiver, key) => `${receiver}.getDel(${key})`,
  incrementBy: (receiver, key, amount) => `${receiver}.incrBy(${key}, ${amount})`,
  // arguments of scripts are strings here
  evaluate: (receiver, script, key, args) =>
    `${receiver}.eval(${script}, { keys: [${key}], arguments: [${args.map((arg) => `String(${arg})`).join(', ')}] })`,
  // MultiErrorReply, in 4 to 6: see tests/engines
  failedCommand: 'rejects',
};

/** node-redis's forms: camel case, options as an object. */
export const nodeRedisEdits: LibraryEdits = { name: 'node-redis', commands };
