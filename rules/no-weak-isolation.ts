import { createRule, optionsSchema } from '../src/eslint/create-rule.ts';
import { reportFindings } from '../src/eslint/report-findings.ts';

const messages = {
  duplicateRow: '{{message}}',
  duplicateNumber: '{{message}}',
  limitExceeded: '{{message}}',
  lostUpdate: '{{message}}',
  doubleClaim: '{{message}}',
  writeSkew: '{{message}}',
  oversold: '{{message}}',
  committedWriteLost: '{{message}}',
  doubleEffect: '{{message}}',
  rewrite: '{{title}}',
} as const;

/**
 * Reports what `no-check-then-insert` and `no-lost-update` report, inside a transaction: a transaction at the default
 * isolation level is not a lock. The message names the level and what two runs do under it.
 *
 * Also reports transactions that go through a pool or a shared connection, where ROLLBACK ends another request's too.
 *
 * Silent at levels that refuse one of the two runs, on locking reads that find a row, and under named locks.
 */
export default createRule({
  name: 'no-weak-isolation',
  meta: {
    type: 'problem',
    docs: {
      description:
        'Disallow check-then-insert and read-then-write inside a transaction whose isolation level does not prevent the race, and transactions that requests share',
      preset: 'recommended',
    },
    hasSuggestions: true,
    schema: optionsSchema,
    defaultOptions: [{ confidence: 'proven' }],
    messages,
  },
  create: (context) => reportFindings(context, 'no-weak-isolation', messages),
});
