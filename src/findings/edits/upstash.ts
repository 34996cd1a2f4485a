import type { CommandEdits, LibraryEdits } from './library-edits.ts';
import { textOf } from './source-text.ts';

const commands: CommandEdits = {
  setWithExpiry: (source, set, expire) => {
    const [key, value] = set.args;
    const time = expire.args[1];
    const unit = { expire: 'ex', pexpire: 'px' }[expire.method];
    if (key === undefined || value === undefined || time === undefined || unit === undefined || set.method !== 'set')
      return undefined;
    return `${textOf(source, set.receiver)}.set(${textOf(source, key)}, ${textOf(source, value)}, { ${unit}: ${textOf(source, time)} })`;
  },
  getAndDelete: (receiver, key) => `${receiver}.getdel(${key})`,
  incrementBy: (receiver, key, amount) => `${receiver}.incrby(${key}, ${amount})`,
  evaluate: (receiver, script, key, args) => `${receiver}.eval(${script}, [${key}], [${args.join(', ')}])`,
  // unless `keepErrors` is set: https://upstash.com/docs/redis/sdks/ts/pipelining/pipeline-transaction
  failedCommand: 'rejects',
};

/** @upstash/redis's forms: lower case, options as an object, scripts with arrays. */
export const upstashEdits: LibraryEdits = { name: 'upstash', commands };
