import { parseSync } from 'oxc-parser';
import type { LibraryAdapter, RecognizeContext } from '../../src/effects/adapter.ts';
import type { EngineName } from '../../src/model/engine.ts';
import type { Location } from '../../src/model/location.ts';
import type { Recognition } from '../../src/model/recognition.ts';
import type { ChainStep, ChainValue, ObjectEntry, TemplateValue, Value } from '../../src/model/value.ts';

/**
 * A pocket version of the flow layer for adapter tests: it turns one small source text into the values that adapters
 * see. Imports become export roots, `declare const db: NodePgDatabase` becomes a typed root, constants above the last
 * expression are followed, free names are inputs, functions are opaque.
 */

/** Who turns chains into clients while the source is evaluated; without adapters every root stays an export. */
export interface ChainOptions {
  readonly adapters?: readonly LibraryAdapter[];
  readonly engine?: EngineName;
}

/** What the last expression of a source is, and whether it stands under `await`. */
export interface EvaluatedSource {
  readonly value: Value;
  readonly awaited: boolean;
}

// The parser's nodes; read loosely because only a handful of kinds and fields matter here.
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- ESTree nodes differ in everything but these three
  readonly [field: string]: any;
}

/**
 * Evaluates a source to the chain that its last expression is.
 *
 * @param source imports, declarations and one expression, e.g. `import { eq } from 'drizzle-orm'; eq(users.id, id)`
 * @throws when the last expression is no chain
 */
export function chainOf(source: string, options: ChainOptions = {}): ChainValue {
  const { value } = valueOf(source, options);
  if (value.kind !== 'chain') throw new Error(`not a chain but ${value.kind}: ${source}`);
  return value;
}

/**
 * What an adapter makes of a source's last expression.
 *
 * @param adapter the adapter under test; it also identifies the clients inside the source
 * @param source as for `chainOf`; `await` in front of the last expression sets `awaited`
 */
export function recognizeOf(adapter: LibraryAdapter, source: string, options: ChainOptions = {}): Recognition {
  const context = contextOf(options);
  const { value, awaited } = valueOf(source, { ...options, adapters: options.adapters ?? [adapter] });
  if (value.kind !== 'chain') throw new Error(`not a chain but ${value.kind}: ${source}`);
  return adapter.recognize(value, { ...context, awaited });
}

/** The value of a source's last expression, whatever its kind. */
export function valueOf(source: string, options: ChainOptions = {}): EvaluatedSource {
  const { program, errors } = parseSync('case.ts', source, { preserveParens: false });
  if (errors.length > 0) throw new Error(`${errors[0]?.message ?? 'syntax error'}: ${source}`);
  const scope = new Map<string, Value>();
  const evaluator = createEvaluator(source, scope, options);
  let last: EvaluatedSource | undefined;
  for (const statement of program.body as unknown as readonly Node[]) {
    last = evaluator.runStatement(statement) ?? last;
  }
  if (last === undefined) throw new Error(`no expression in: ${source}`);
  return last;
}

function contextOf(options: ChainOptions): RecognizeContext {
  let connections = 0;
  return {
    awaited: false,
    newConnection: () => `tx${++connections}`,
    ...(options.engine === undefined ? {} : { engine: options.engine }),
  };
}

function createEvaluator(source: string, scope: Map<string, Value>, options: ChainOptions) {
  const context = contextOf(options);
  return { runStatement };

  function runStatement(node: Node): EvaluatedSource | undefined {
    switch (node.type) {
      case 'ImportDeclaration':
        for (const specifier of node.specifiers as readonly Node[]) {
          const name =
            specifier.type === 'ImportDefaultSpecifier'
              ? 'default'
              : specifier.type === 'ImportNamespaceSpecifier'
                ? '*'
                : (specifier.imported.name ?? specifier.imported.value);
          scope.set(specifier.local.name, {
            kind: 'chain',
            root: { kind: 'export', package: node.source.value, name },
            steps: [],
          });
        }
        return undefined;
      case 'VariableDeclaration':
        for (const declarator of node.declarations as readonly Node[]) declare(declarator);
        return undefined;
      case 'FunctionDeclaration':
        scope.set(node.id.name, functionOf(node));
        return undefined;
      case 'ExpressionStatement': {
        const expression = node.expression as Node;
        const awaited = expression.type === 'AwaitExpression';
        return { value: evaluate(awaited ? expression.argument : expression), awaited };
      }
      default:
        throw new Error(`statement ${node.type} in: ${source}`);
    }
  }

  function declare(declarator: Node): void {
    const target = declarator.id as Node;
    const type = target.typeAnnotation?.typeAnnotation as Node | undefined;
    if (target.type === 'ObjectPattern') {
      const from = evaluate(declarator.init);
      for (const property of target.properties as readonly Node[]) {
        scope.set(property.value.name, member(from, property.key.name, property));
      }
    } else if (declarator.init) {
      scope.set(target.name, evaluate(declarator.init));
    } else if (type) {
      scope.set(target.name, typedRoot(type, target.name));
    }
  }

  function typedRoot(type: Node, name: string): Value {
    if (type.type !== 'TSTypeReference') return { kind: 'input', name };
    const path = textOf(type.typeName).split('.');
    const imported = scope.get(path[0] as string);
    if (imported?.kind !== 'chain' || imported.root.kind !== 'export') return { kind: 'input', name };
    const typeArguments = ((type.typeArguments?.params ?? []) as readonly Node[]).map(textOf);
    const typeName = [imported.root.name === '*' ? undefined : imported.root.name, ...path.slice(1)]
      .filter(Boolean)
      .join('.');
    return identify({
      kind: 'chain',
      root: { kind: 'typed', package: imported.root.package, name: typeName, typeArguments },
      steps: [],
    });
  }

  function evaluate(node: Node): Value {
    switch (node.type) {
      case 'Literal':
        return { kind: 'constant', value: node.bigint ? BigInt(node.bigint) : node.value };
      case 'Identifier':
        if (node.name === 'undefined') return { kind: 'constant', value: undefined };
        return scope.get(node.name) ?? { kind: 'input', name: node.name };
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
      case 'ChainExpression':
        return evaluate(node.expression);
      case 'AwaitExpression':
        return { kind: 'apply', operator: 'await', operands: [evaluate(node.argument)] };
      case 'TemplateLiteral':
        return templateOf(node);
      case 'ObjectExpression':
        return objectOf(node);
      case 'ArrayExpression': {
        const elements = (node.elements as readonly Node[]).filter((element) => element.type !== 'SpreadElement');
        return { kind: 'array', elements: elements.map(evaluate), complete: elements.length === node.elements.length };
      }
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
        return functionOf(node);
      case 'ConditionalExpression':
        return {
          kind: 'choice',
          condition: evaluate(node.test),
          then: evaluate(node.consequent),
          otherwise: evaluate(node.alternate),
        };
      case 'BinaryExpression':
      case 'LogicalExpression':
        return { kind: 'apply', operator: node.operator, operands: [evaluate(node.left), evaluate(node.right)] };
      case 'UnaryExpression':
        return { kind: 'apply', operator: node.operator, operands: [evaluate(node.argument)] };
      case 'MemberExpression':
        return member(evaluate(node.object), memberName(node), node);
      case 'CallExpression':
        return callOf(node);
      case 'NewExpression':
        return extend(evaluate(node.callee), { name: 'new', args: argumentsOf(node), location: locate(node) });
      case 'TaggedTemplateExpression': {
        const step = { args: [], template: templateOf(node.quasi) };
        return applyCall(node.tag, step, node);
      }
      default:
        return { kind: 'unknown', reason: node.type };
    }
  }

  function callOf(node: Node): Value {
    const typeArguments = node.typeArguments?.params as readonly Node[] | undefined;
    return applyCall(
      node.callee,
      { args: argumentsOf(node), ...(typeArguments ? { typeArguments: typeArguments.map(textOf) } : {}) },
      node,
    );
  }

  function applyCall(callee: Node, call: Omit<ChainStep, 'name' | 'location'>, node: Node): Value {
    const args = call.args ?? [];
    if (callee.type === 'MemberExpression') {
      const object = evaluate(callee.object);
      const name = memberName(callee);
      if (object.kind === 'chain') return extend(object, { name, ...call, location: locate(node) });
      // `.map` of a literal array or an unknown one stands for any number of equal elements.
      const mapper = callee.property.name === 'map' ? (node.arguments[0] as Node | undefined) : undefined;
      if (mapper?.type === 'ArrowFunctionExpression' && mapper.body.type !== 'BlockStatement') {
        return { kind: 'array', elements: [evaluateMapper(mapper, object)], complete: false };
      }
      return { kind: 'apply', operator: `call:${name}`, operands: [object, ...args] };
    }
    const target = evaluate(callee);
    if (target.kind === 'chain') return extend(target, { name: '()', ...call, location: locate(node) });
    return { kind: 'apply', operator: `call:${textOf(callee)}`, operands: args };
  }

  function evaluateMapper(mapper: Node, collection: Value): Value {
    const parameter = mapper.params[0]?.name as string | undefined;
    if (parameter === undefined) return evaluate(mapper.body);
    const outer = scope.get(parameter);
    scope.set(parameter, { kind: 'element', of: collection });
    const result = evaluate(mapper.body);
    if (outer) scope.set(parameter, outer);
    else scope.delete(parameter);
    return result;
  }

  /** A computed member with a constant key has that name; any other is named `[]`. */
  function memberName(node: Node): string {
    if (!node.computed) return node.property.name;
    const key = evaluate(node.property);
    return key.kind === 'constant' ? String(key.value) : '[]';
  }

  function member(object: Value, name: string, node: Node): Value {
    switch (object.kind) {
      case 'chain':
        return extend(object, { name, location: locate(node) });
      case 'input':
        return { kind: 'input', name: `${object.name}.${name}` };
      case 'object': {
        const entry = object.entries.find((candidate) => candidate.name === name);
        if (entry) return entry.value;
        return object.complete ? { kind: 'constant', value: undefined } : { kind: 'unknown', reason: 'spread' };
      }
      default:
        return { kind: 'apply', operator: `member:${name}`, operands: [object] };
    }
  }

  function extend(value: Value, step: ChainStep): Value {
    if (value.kind !== 'chain')
      return { kind: 'apply', operator: `call:${step.name}`, operands: [value, ...(step.args ?? [])] };
    return identify({ ...value, steps: [...value.steps, step] });
  }

  /** Replaces what an adapter identifies as a client, as the flow layer does after each step. */
  function identify(chain: ChainValue): Value {
    for (const adapter of options.adapters ?? []) {
      const client =
        chain.root.kind !== 'client'
          ? adapter.identify(chain, context)
          : chain.root.client.library === adapter.name && chain.steps.at(-1)?.args
            ? derivedClient(adapter, chain)
            : undefined;
      if (client) return { kind: 'chain', root: { kind: 'client', client }, steps: [] };
    }
    return chain;
  }

  function derivedClient(adapter: LibraryAdapter, chain: ChainValue) {
    const recognition = adapter.recognize(chain, context);
    return recognition.kind === 'client' ? recognition.client : undefined;
  }

  function objectOf(node: Node): Value {
    const entries: ObjectEntry[] = [];
    const spreads: Value[] = [];
    let complete = true;
    for (const property of node.properties as readonly Node[]) {
      if (property.type === 'SpreadElement') {
        const spread = evaluate(property.argument);
        spreads.push(spread);
        if (spread.kind === 'object') entries.push(...spread.entries);
        complete &&= spread.kind === 'object' && spread.complete;
      } else {
        const name = property.computed ? '[]' : (property.key.name ?? String(property.key.value));
        entries.push({ name, value: evaluate(property.value) });
        complete &&= !property.computed;
      }
    }
    // The last one wins, as in JavaScript.
    const last = entries.filter(
      (entry, index) => entries.findLastIndex((other) => other.name === entry.name) === index,
    );
    return { kind: 'object', entries: last, spreads, complete };
  }

  function templateOf(node: Node): TemplateValue {
    const quasis = (node.quasis as readonly Node[]).map((quasi) => quasi.value.cooked as string);
    return { kind: 'template', quasis, values: (node.expressions as readonly Node[]).map(evaluate) };
  }

  function argumentsOf(node: Node): Value[] {
    return (node.arguments as readonly Node[]).map((argument) =>
      argument.type === 'SpreadElement'
        ? { kind: 'apply', operator: 'spread', operands: [evaluate(argument.argument)] }
        : evaluate(argument),
    );
  }

  function functionOf(node: Node): Value {
    return { kind: 'function', id: `function@${node.start}`, name: node.id?.name ?? 'anonymous' };
  }

  function textOf(node: Node): string {
    return source.slice(node.start, node.end);
  }

  function locate(node: Node): Location {
    return { file: '/case.ts', start: position(node.start), end: position(node.end), range: [node.start, node.end] };
  }

  function position(offset: number): Location['start'] {
    const before = source.slice(0, offset).split('\n');
    return { line: before.length, column: before.at(-1)?.length ?? 0 };
  }
}
