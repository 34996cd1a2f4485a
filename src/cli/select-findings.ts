import { type Finding, type RuleName, ruleNames } from '../model/finding.ts';
import { AuditError } from './audit-error.ts';

/** `recommended`: proven findings; `strict` and `all`: those that rest on stated assumptions too. */
export const presetNames = ['recommended', 'strict', 'all'] as const;
export type PresetName = (typeof presetNames)[number];

/**
 * Which findings a run shows.
 *
 * @param preset one of `presetNames`
 * @param rules only these rules, with or without the prefix `race-lint/`; none means all
 */
export function createFindingFilter(preset: string, rules: readonly string[]): (finding: Finding) => boolean {
  if (!presetNames.some((name) => name === preset)) {
    throw new AuditError(`There is no preset "${preset}". Presets: ${presetNames.join(', ')}.`);
  }
  const wanted = new Set(rules.map(findRuleName));
  return (finding) =>
    (wanted.size === 0 || wanted.has(finding.rule)) && (finding.confidence === 'proven' || preset !== 'recommended');
}

function findRuleName(text: string): RuleName {
  const name = ruleNames.find((rule) => rule === text || `race-lint/${rule}` === text);
  if (name === undefined) throw new AuditError(`There is no rule "${text}". Rules: ${ruleNames.join(', ')}.`);
  return name;
}
