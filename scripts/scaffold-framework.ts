import { insertAfter, scaffold, toCamelCase } from './scaffold.ts';

/**
 * Makes a framework's file and suite, and enters the framework in the registry.
 *
 * @param root the project
 * @param name the framework's name in kebab-case
 * @returns the files made or changed
 */
export function scaffoldFramework(root: string, name: string): string[] {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name)) {
    throw new Error(`"${name}" is no name for a framework: write it in kebab-case.`);
  }
  const files = [
    { template: 'framework.ts.txt', target: `src/roots/frameworks/${name}.ts` },
    { template: 'framework.md.txt', target: `tests/suites/roots/${name}.md` },
  ];
  const variable = toCamelCase(name);
  const made = scaffold(root, files, { 'FRAMEWORK-NAME': name, FRAMEWORK_NAME: variable });
  const registry = 'src/roots/registry.ts';
  const importLine = `import { ${variable} } from './frameworks/${name}.ts';\n`;
  insertAfter(root, registry, /(?:import \{ [\w, ]+ \} from '\.\/frameworks\/[\w-]+\.ts';\n)+/, importLine);
  insertAfter(root, registry, /const frameworks[^=]*= \[(?:\n {2}\w+,)+/, `\n  ${variable},`);
  return [...made, registry];
}
