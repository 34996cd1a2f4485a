import { createRule, optionsSchema } from '../src/eslint/create-rule.ts';
import { reportFindings } from '../src/eslint/report-findings.ts';

const messages = {
  tornRead: '{{message}}',
  staleCache: '{{message}}',
  noExpiry: '{{message}}',
  halfApplied: '{{message}}',
  foreignLockReleased: '{{message}}',
  committedWriteLost: '{{message}}',
  rewrite: '{{title}}',
} as const;

/**
 * Reports awaited mutations of one cache that belong together (set and delete of a related key, a counter and its expiry)
 * when a reader between them sees half of the change, or a crash between them leaves it so.
 *
 * Silent on MULTI/EXEC, on scripts, on one command that does both, under a lock held around both, and on caches inside
 * the process, which answer without waiting.
 */
export default createRule({
  name: 'no-nonatomic-cache-update',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow consecutive cache commands that must be one step',
      preset: 'recommended',
    },
    hasSuggestions: true,
    schema: optionsSchema,
    defaultOptions: [{ confidence: 'proven' }],
    messages,
  },
  create: (context) => reportFindings(context, 'no-nonatomic-cache-update', messages),
});
