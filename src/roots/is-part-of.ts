/** Is a specifier a package (or a scope of packages), or a part of it? `hono/quick` is part of `hono`. */
export function isPartOf(specifier: string, name: string): boolean {
  return specifier.startsWith(name) && (specifier.length === name.length || specifier[name.length] === '/');
}
