import noCheckThenInsert from '../rules/no-check-then-insert.ts';
import noLostUpdate from '../rules/no-lost-update.ts';
import noNonatomicCacheUpdate from '../rules/no-nonatomic-cache-update.ts';
import noPartialFailure from '../rules/no-partial-failure.ts';
import noWeakIsolation from '../rules/no-weak-isolation.ts';
import requireConflictHandling from '../rules/require-conflict-handling.ts';
import { createPresets, type Presets } from './eslint/create-presets.ts';
import type { RuleModule } from './eslint/create-rule.ts';
import type { RuleName } from './model/finding.ts';
import { version } from './version.ts';

/** The ESLint plugin; oxlint loads the same one through `jsPlugins`. */
export interface Plugin {
  readonly meta: { readonly name: 'race-lint'; readonly version: string; readonly namespace: 'race-lint' };
  readonly rules: Record<RuleName, RuleModule>;
  /** Flat configurations, each an object to put into the list of `eslint.config.js`. */
  readonly configs: Presets;
}

const rules: Plugin['rules'] = {
  'no-check-then-insert': noCheckThenInsert,
  'no-lost-update': noLostUpdate,
  'no-nonatomic-cache-update': noNonatomicCacheUpdate,
  'no-partial-failure': noPartialFailure,
  'no-weak-isolation': noWeakIsolation,
  'require-conflict-handling': requireConflictHandling,
};

const base = { meta: { name: 'race-lint', version, namespace: 'race-lint' }, rules } as const;

const plugin: Plugin = Object.assign(base, { configs: createPresets(base) });

export default plugin;
