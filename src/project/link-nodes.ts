import { visitorKeys } from 'oxc-parser';
import type { LineTable } from './line-table.ts';

/** A node as oxc-parser gives it, before and while it is completed. */
interface RawNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  parent?: RawNode;
  range?: [number, number];
  loc?: LazySourceLocation;
  [key: string]: unknown;
}

/**
 * A node's `loc` that is computed when it is read: of the hundreds of thousands of nodes in a project, only the few
 * that a finding names are ever asked for their line.
 */
class LazySourceLocation {
  readonly #lines: LineTable;
  readonly #node: RawNode;

  constructor(lines: LineTable, node: RawNode) {
    this.#lines = lines;
    this.#node = node;
  }

  get start(): { readonly line: number; readonly column: number } {
    return this.#lines.findPosition(this.#node.start);
  }

  get end(): { readonly line: number; readonly column: number } {
    return this.#lines.findPosition(this.#node.end);
  }
}

/** What the walk does with nodes of one type. */
interface NodeShape {
  /** Properties that hold children. */
  readonly children: readonly string[];
  /** Properties that TS-ESTree leaves undefined where oxc-parser says null. */
  readonly optional: readonly string[];
}

const optionalNames: ReadonlySet<string> = new Set([
  'accessibility',
  'constraint',
  'default',
  'directive',
  'returnType',
  'superTypeArguments',
  'typeAnnotation',
  'typeArguments',
  'typeParameters',
]);

/** Types with optional properties that are no children. */
const optionalByType: Readonly<Record<string, readonly string[]>> = {
  ExpressionStatement: ['directive'],
  MethodDefinition: ['accessibility'],
  PropertyDefinition: ['accessibility'],
  AccessorProperty: ['accessibility'],
  TSParameterProperty: ['accessibility'],
  TSAbstractMethodDefinition: ['accessibility'],
  TSAbstractPropertyDefinition: ['accessibility'],
  TSIndexSignature: ['accessibility'],
  TSPropertySignature: ['accessibility'],
  TSMethodSignature: ['accessibility'],
  RestElement: ['value'],
};

const nodeShapes: Readonly<Record<string, NodeShape>> = Object.fromEntries(
  Object.entries(visitorKeys).map(([type, children]) => {
    const optional = [...children.filter((key) => optionalNames.has(key)), ...(optionalByType[type] ?? [])];
    return [type, { children, optional }];
  }),
);

/**
 * Gives every node below `program` the `parent`, `range` and `loc` that TS-ESTree nodes have and oxc-parser's lack, and
 * makes what is absent undefined where TS-ESTree does.
 *
 * @param program the root node; changed in place
 * @param lines the lines of the text that it was parsed from
 */
export function linkNodes(program: object, lines: LineTable): void {
  const pending: RawNode[] = [program as RawNode];
  // An explicit stack: a long chain of `+` nests deeper than the call stack allows.
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    node.range = [node.start, node.end];
    node.loc = new LazySourceLocation(lines, node);
    const shape = nodeShapes[node.type];
    if (shape === undefined) continue;
    for (const key of shape.optional) if (node[key] === null) node[key] = undefined;
    for (const key of shape.children) {
      const child = node[key];
      if (child === null || child === undefined) continue;
      if (Array.isArray(child)) {
        for (const item of child as (RawNode | null)[]) {
          if (item === null) continue;
          item.parent = node;
          pending.push(item);
        }
      } else {
        (child as RawNode).parent = node;
        pending.push(child as RawNode);
      }
    }
  }
}

/**
 * Gives comments the `range` and `loc` that ESLint's have.
 *
 * @param comments oxc-parser's comments; changed in place
 * @param lines the lines of the text that they were parsed from
 */
export function linkComments(comments: readonly object[], lines: LineTable): void {
  for (const comment of comments as readonly RawNode[]) {
    comment.range = [comment.start, comment.end];
    comment.loc = new LazySourceLocation(lines, comment);
  }
}
