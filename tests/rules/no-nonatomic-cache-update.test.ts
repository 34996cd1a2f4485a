import rule from '../../rules/no-nonatomic-cache-update.ts';
import { runRuleTests } from '../support/run-rule-tests.ts';

const redis = `import { Redis } from 'ioredis';
const redis = new Redis();
`;

runRuleTests('no-nonatomic-cache-update', rule, {
  pairs: [
    {
      name: 'a value and the page made from it',
      racy: `${redis}export async function rename(id: string, name: string) {
  await redis.set(\`team:\${id}\`, name);
  await redis.del(\`team-page:\${id}\`);
}
`,
      safe: `${redis}export async function rename(id: string, name: string) {
  await redis.multi().set(\`team:\${id}\`, name).del(\`team-page:\${id}\`).exec();
}
`,
      messageId: 'tornRead',
      line: 5,
    },
    {
      name: 'a key and its expiry',
      racy: `${redis}export async function remember(id: string, token: string) {
  await redis.set(\`token:\${id}\`, token);
  await redis.expire(\`token:\${id}\`, 60);
}
`,
      safe: `${redis}export async function remember(id: string, token: string) {
  await redis.set(\`token:\${id}\`, token, 'EX', 60);
}
`,
      messageId: 'noExpiry',
      line: 5,
    },
    {
      name: 'a counter that should expire',
      racy: `${redis}export async function countLogin(address: string) {
  const attempts = await redis.incr(\`logins:\${address}\`);
  if (attempts === 1) await redis.expire(\`logins:\${address}\`, 60);
  return attempts;
}
`,
      safe: `${redis}export async function countLogin(address: string) {
  const attempts = await redis.incr(\`logins:\${address}\`);
  return attempts;
}
`,
      messageId: 'noExpiry',
      line: 5,
    },
  ],
  silent: [
    {
      name: 'a cache inside the process',
      code: `const names = new Map<string, string>();
export async function rename(id: string, name: string) {
  names.set(id, name);
  names.delete(\`page:\${id}\`);
}
`,
    },
    {
      name: 'a fill after a miss',
      code: `${redis}export async function read(id: string, load: (id: string) => Promise<string>) {
  const known = await redis.get(\`team:\${id}\`);
  if (known) return known;
  const value = await load(id);
  await redis.set(\`team:\${id}\`, value, 'EX', 60);
  return value;
}
`,
    },
  ],
});
