import type { TSESTree } from '@typescript-eslint/utils';
import type { Location } from '../model/location.ts';

/** The location of a node in a file. */
export function locate(node: TSESTree.Node | TSESTree.Token, file: string): Location {
  return { file, start: node.loc.start, end: node.loc.end, range: [node.range[0], node.range[1]] };
}
