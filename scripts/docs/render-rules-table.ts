import type { RuleModule } from '../../src/eslint/create-rule.ts';

/** The table of all rules. @param folder path from the page that holds the table to the rules' pages */
export function renderRulesTable(rules: Readonly<Record<string, RuleModule>>, folder: string): string {
  const rows = Object.entries(rules).map(
    ([name, { meta }]) => `| [${name}](${folder}/${name}.md) | ${meta.docs.description} | ${meta.docs.preset} |`,
  );
  return ['| Rule | What it does | Preset |', '| --- | --- | --- |', ...rows].join('\n');
}

/** Title and first lines of a rule's page. */
export function renderRuleHead(name: string, rule: RuleModule): string {
  const { description, preset } = rule.meta.docs;
  const also = preset === 'recommended' ? ' (and so in `strict` and `all`)' : ' (and so in `all`)';
  return [
    `# race-lint/${name}`,
    `${description}.`,
    `Preset: \`${preset}\`${also}. The rule offers suggestions, and no automatic fix.`,
  ].join('\n\n');
}

/** The options of a rule, from its schema. */
export function renderOptions(name: string, rule: RuleModule): string {
  const [schema] = rule.meta.schema;
  const [defaults] = rule.meta.defaultOptions;
  const rows = Object.entries(schema?.properties ?? {}).map(([option, { enum: values, description }]) => {
    const fallback = defaults[option as keyof typeof defaults];
    return `| \`${option}\` | ${values.map((value) => `\`'${value}'\``).join(', ')} | \`'${String(fallback)}'\` | ${description} |`;
  });
  const example = `'race-lint/${name}': ['error', { confidence: 'possible' }]`;
  return [
    ['| Option | Values | Default | Meaning |', '| --- | --- | --- | --- |', ...rows].join('\n'),
    `\`\`\`js\n// eslint.config.js\nrules: {\n  ${example},\n}\n\`\`\``,
  ].join('\n\n');
}
