import { insertAfter, scaffold, toCamelCase } from './scaffold.ts';

/**
 * Makes an adapter's file and test, and enters the adapter in the registry.
 *
 * @param root the project
 * @param name the library's name in kebab-case
 * @returns the files made or changed
 */
export function scaffoldLibrary(root: string, name: string): string[] {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name)) {
    throw new Error(`"${name}" is no name for an adapter: write it in kebab-case.`);
  }
  const files = [
    { template: 'library.ts.txt', target: `src/effects/libraries/${name}.ts` },
    { template: 'library.test.ts.txt', target: `tests/effects/${name}/${name}.test.ts` },
  ];
  const adapter = `${toCamelCase(name)}Adapter`;
  const made = scaffold(root, files, { 'LIBRARY-NAME': name, ADAPTER_NAME: adapter });
  const registry = 'src/effects/registry.ts';
  const importLine = `import { ${adapter} } from './libraries/${name}.ts';\n`;
  insertAfter(root, registry, /(?:import \{ \w+ \} from '\.\/libraries\/[\w-]+\.ts';\n)+/, importLine);
  insertAfter(root, registry, /const adapters[^=]*= \[(?:\n {2}\w+,)+/, `\n  ${adapter},`);
  return [...made, registry];
}
