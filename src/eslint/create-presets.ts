import type { RuleModule } from './create-rule.ts';
import type { RuleOptions } from './host.ts';

export interface Preset {
  name: string;
  plugins: { 'race-lint': { readonly rules: Record<string, RuleModule> } };
  rules: Record<string, 'error' | ['error', RuleOptions]>;
}

/**
 * - `recommended`: proven findings of the settled rules; a finding is a bug or a documented decision.
 * - `strict`: `recommended`, and findings that rest on stated assumptions, and the rules that ask for more discipline.
 * - `all`: every rule, with findings that rest on stated assumptions.
 */
export type Presets = Readonly<Record<'recommended' | 'strict' | 'all', Preset>>;

/** Makes the presets from the rules' metadata. */
export function createPresets(plugin: { readonly rules: Record<string, RuleModule> }): Presets {
  const create = (name: string, isMember: (rule: RuleModule) => boolean, options: RuleOptions | undefined): Preset => {
    const members = Object.entries(plugin.rules).filter(([, rule]) => isMember(rule));
    const severity = options === undefined ? 'error' : (['error', options] satisfies Preset['rules'][string]);
    return {
      name: `race-lint/${name}`,
      plugins: { 'race-lint': plugin },
      rules: Object.fromEntries(members.map(([rule]) => [`race-lint/${rule}`, severity])),
    };
  };
  const possible: RuleOptions = { confidence: 'possible' };
  return {
    recommended: create('recommended', (rule) => rule.meta.docs.preset === 'recommended', undefined),
    strict: create('strict', () => true, possible),
    all: create('all', () => true, possible),
  };
}
