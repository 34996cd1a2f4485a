import { createRule, optionsSchema } from '../src/eslint/create-rule.ts';
import { reportFindings } from '../src/eslint/report-findings.ts';

const messages = {
  halfApplied: '{{message}}',
  orphan: '{{message}}',
  doubleEffect: '{{message}}',
  rewrite: '{{title}}',
} as const;

/**
 * Reports Promise.all (and kin) over two or more writes to systems that share no transaction: when one fails, the others
 * have happened or still will, and nobody undoes them.
 *
 * Silent on reads, on deletes of cache keys, on one database transaction, on allSettled whose results are looked at,
 * and where a handler compensates.
 */
export default createRule({
  name: 'no-partial-failure',
  meta: {
    type: 'problem',
    docs: {
      description: "Disallow running side effects side by side that can't be rolled back together",
      preset: 'recommended',
    },
    hasSuggestions: true,
    schema: optionsSchema,
    defaultOptions: [{ confidence: 'proven' }],
    messages,
  },
  create: (context) => reportFindings(context, 'no-partial-failure', messages),
});
