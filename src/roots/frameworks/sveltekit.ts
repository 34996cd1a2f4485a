import type { Handler } from '../../project/root-candidate.ts';
import { describeInputs } from '../describe-inputs.ts';
import type { Framework, FrameworkFile } from '../framework.ts';
import { listExports } from '../list-exports.ts';
import { resolveFunctions } from '../resolve-functions.ts';

const methods = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'fallback']);

/** SvelteKit 1 and 2: endpoints, form actions, loads and hooks by their files' places. Requests run side by side. */
export const sveltekit: Framework = {
  name: 'sveltekit',
  documentation: [
    'https://svelte.dev/docs/kit/routing',
    'https://svelte.dev/docs/kit/form-actions',
    'https://svelte.dev/docs/kit/hooks',
    'https://svelte.dev/docs/kit/types#Locals',
  ],
  // places decide
  packages: [],
  elsewhere: /\bexport\b/,
  openTypes: [
    { id: 'sveltekit.Locals', packages: [], name: 'Locals', globals: ['App.Locals'] },
    {
      id: 'sveltekit.RequestEvent',
      packages: ['@sveltejs/kit'],
      name: 'RequestEvent',
      members: { locals: 'sveltekit.Locals' },
    },
    {
      id: 'sveltekit.HandleInput',
      packages: [],
      name: 'HandleInput',
      members: { event: 'sveltekit.RequestEvent' },
    },
  ],
  findHandlers: (file) => {
    const place = /(?:^|\/)(?:\+(page|layout)\.server|\+(server)|(hooks)\.server)\.[cm]?[jt]s$/.exec(file.path);
    if (place === null || !file.dependsOn('@sveltejs/kit')) return [];
    return listExports(file.program).flatMap(({ name, value }) => findFunctions(file, name, value));
  },
};

function findFunctions(
  file: FrameworkFile,
  name: string,
  value: Parameters<typeof resolveFunctions>[0],
): readonly Handler[] {
  const event = describeInputs({ parameters: ['sveltekit.RequestEvent'] }, undefined);
  const route = file.path.replace(/^.*?routes(?=\/)/, '').replace(/\/[^/]*$/, '') || '/';
  if (methods.has(name))
    return resolveFunctions(value).map((node) => ({
      node,
      name: `${name} ${route} (sveltekit)`,
      reason: 'sveltekit endpoint',
      inputs: event,
    }));
  if (name === 'load')
    return resolveFunctions(value).map((node) => ({
      node,
      name: `load ${route} (sveltekit)`,
      reason: 'sveltekit load',
      inputs: event,
    }));
  if (name === 'handle') {
    const inputs = describeInputs({ parameters: ['sveltekit.HandleInput'] }, undefined);
    return resolveFunctions(value).map((node) => ({ node, reason: 'sveltekit hook', inputs }));
  }
  if (name !== 'actions') return [];
  const actions = value?.type === 'TSSatisfiesExpression' ? value.expression : value;
  if (actions?.type !== 'ObjectExpression') return [];
  return actions.properties.flatMap((property) =>
    property.type === 'Property' && property.key.type === 'Identifier'
      ? resolveFunctions(property.value).map((node) => ({
          node,
          name: `${route}?/${property.key.type === 'Identifier' ? property.key.name : ''} (sveltekit)`,
          reason: 'sveltekit action',
          inputs: event,
        }))
      : [],
  );
}
