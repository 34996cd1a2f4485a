import type { CommandEdits, LibraryEdits } from './library-edits.ts';
import { textOf } from './source-text.ts';

const commands: CommandEdits = {
  setWithExpiry: (source, set, expire) => {
    const [key, value] = set.args;
    const time = expire.args[1];
    const unit = { expire: 'EX', pexpire: 'PX' }[expire.method];
    if (key === undefined || value === undefined || time === undefined || unit === undefined || set.method !== 'set')
      return undefined;
    return `${textOf(source, set.receiver)}.set(${textOf(source, key)}, ${textOf(source, value)}, '${unit}', ${textOf(source, time)})`;
  },
  getAndDelete: (receiver, key) => `${receiver}.getdel(${key})`,
  incrementBy: (receiver, key, amount) => `${receiver}.incrby(${key}, ${amount})`,
  evaluate: (receiver, script, key, args) => `${receiver}.eval(${[script, '1', key, ...args].join(', ')})`,
  // [[error, answer], …]: https://redis.github.io/ioredis/classes/ChainableCommander.html, and tests/engines
  failedCommand: 'answers',
};

/** ioredis's forms: options of SET as words, `eval` with the number of keys. */
export const ioredisEdits: LibraryEdits = { name: 'ioredis', commands };
