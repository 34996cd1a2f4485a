import type * as PrismaAst from '@mrleebo/prisma-ast';

/**
 * An argument of an attribute, by its name, or by its position among those without a name.
 *
 * @param attribute `@default(now())`, `@@unique([a, b], name: "ab")`
 * @param name its name
 * @param position its position where it may stand without a name
 */
export function findArgument(attribute: PrismaAst.Attr, name: string, position?: number): unknown {
  const unnamed: unknown[] = [];
  for (const { value } of attribute.args ?? []) {
    if (isKind(value, 'keyValue')) {
      if (value.key === name) return value.value;
    } else unnamed.push(value);
  }
  return position === undefined ? undefined : unnamed[position];
}

/** The text of a string literal, without its quotes. */
export function toText(value: unknown): string | undefined {
  return typeof value === 'string' && value.startsWith('"') ? value.slice(1, -1) : undefined;
}

/** The field names in `[orgId, slug(sort: Desc)]`. */
export function toFieldNames(value: unknown): readonly string[] {
  if (!isKind(value, 'array')) return typeof value === 'string' ? [value] : [];
  return value.args.flatMap((item: unknown) => {
    if (typeof item === 'string') return [item];
    return isKind(item, 'function') ? [item.name] : [];
  });
}

/** The call in `@default(now())`, or undefined. */
export function toCall(value: unknown): PrismaAst.Func | undefined {
  return isKind(value, 'function') ? value : undefined;
}

interface Kinds {
  keyValue: PrismaAst.KeyValue & { readonly type: 'keyValue' };
  array: { readonly type: 'array'; readonly args: readonly unknown[] };
  function: PrismaAst.Func;
}

function isKind<Kind extends keyof Kinds>(value: unknown, kind: Kind): value is Kinds[Kind] {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === kind;
}
