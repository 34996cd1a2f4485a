import { scaffold, toCamelCase } from './scaffold.ts';

/**
 * Makes an adapter's file and test.
 *
 * @param root the project
 * @param name the library's name in kebab-case
 * @returns the files made
 */
export function scaffoldLibrary(root: string, name: string): string[] {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name)) {
    throw new Error(`"${name}" is no name for an adapter: write it in kebab-case.`);
  }
  const files = [
    { template: 'library.ts.txt', target: `src/effects/libraries/${name}.ts` },
    { template: 'library.test.ts.txt', target: `tests/effects/${name}/${name}.test.ts` },
  ];
  return scaffold(root, files, { 'LIBRARY-NAME': name, ADAPTER_NAME: toCamelCase(name) });
}
