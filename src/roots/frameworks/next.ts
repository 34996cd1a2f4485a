import type { TSESTree } from '@typescript-eslint/utils';
import type { Handler } from '../../project/root-candidate.ts';
import type { Framework, FrameworkFile } from '../framework.ts';
import { listExports } from '../list-exports.ts';
import { resolveFunctions } from '../resolve-functions.ts';

const methods = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']);

/** Next.js 13 to 16: route handlers and the Pages API by their files' places, Server Actions by their directive. */
export const next: Framework = {
  name: 'next',
  documentation: [
    'https://nextjs.org/docs/app/api-reference/file-conventions/route',
    'https://nextjs.org/docs/pages/building-your-application/routing/api-routes',
    'https://nextjs.org/docs/app/api-reference/directives/use-server',
  ],
  // places decide, so that every file with an export may be one
  packages: [],
  elsewhere: /['"]use server['"]|\bexport\b/,
  findHandlers: (file) => [...findRouteHandlers(file), ...findPagesApi(file), ...findServerActions(file)],
};

function findRouteHandlers(file: FrameworkFile): readonly Handler[] {
  const match = /^(?:.*?\/)?(?:src\/)?app\/((?:.*\/)?)route\.[cm]?[jt]sx?$/.exec(preferSource(file.path, 'app'));
  if (match === null || !isNext(file)) return [];
  const route = spellRoute(match[1] ?? '');
  const byFunction = new Map<Handler['node'], string[]>();
  for (const { name, value } of listExports(file.program)) {
    if (!methods.has(name)) continue;
    for (const node of resolveFunctions(value)) byFunction.set(node, [...(byFunction.get(node) ?? []), name]);
  }
  return [...byFunction].map(([node, names]) => ({
    node,
    name: `${names.join('|')} ${route} (next)`,
    reason: 'next route',
  }));
}

function findPagesApi(file: FrameworkFile): readonly Handler[] {
  const match = /^(?:.*?\/)?(?:src\/)?pages\/(api\/.*)\.[cm]?[jt]sx?$/.exec(preferSource(file.path, 'pages'));
  if (match === null || !isNext(file)) return [];
  const route = spellRoute((match[1] ?? '').replace(/(^|\/)index$/, ''));
  return listExports(file.program)
    .filter(({ name }) => name === 'default')
    .flatMap(({ value }) => resolveFunctions(value))
    .map((node) => ({ node, name: `${route} (next)`, reason: 'next API route' }));
}

/** Functions that a browser may call: those that a file with the directive exports, and those that hold it. */
function findServerActions(file: FrameworkFile): readonly Handler[] {
  if (!/['"]use server['"]/.test(file.text)) return [];
  const reason = 'server action';
  if (hasDirective(file.program.body))
    return listExports(file.program)
      .flatMap(({ value }) => resolveFunctions(value))
      .map((node) => ({ node, reason }));
  return file
    .functions()
    .filter((node) => node.body.type === 'BlockStatement' && hasDirective(node.body.body))
    .map((node) => ({ node, reason }));
}

function hasDirective(body: readonly TSESTree.Statement[]): boolean {
  return body.some((statement) => statement.type === 'ExpressionStatement' && statement.directive === 'use server');
}

function isNext(file: FrameworkFile): boolean {
  return /['"]next(?:\/[\w/.-]+)?['"]/.test(file.text) || file.dependsOn('next');
}

/** A folder may be called like Next's own: of several, the one in `src` is meant. */
function preferSource(path: string, folder: string): string {
  const at = `/${path}`.indexOf(`/src/${folder}/`);
  return at < 0 ? path : path.slice(at);
}

/** `(shop)/seats/[id]/` is `/seats/[id]`. */
function spellRoute(folders: string): string {
  const parts = folders.split('/').filter((part) => part !== '' && !/^\(.*\)$|^@/.test(part));
  return `/${parts.join('/')}`;
}
