import type { ChainStep, ChainValue } from '../model/value.ts';

/**
 * Spells a chain out, arguments left out, so that an adapter can list the constructions it knows as plain text.
 * Examples: `new Redis(url)` with the default import is `default.new()`, `Redis.fromEnv()` is `Redis.fromEnv()`, a
 * direct call of a named import is `createClient()`, a parameter's type is the type's name alone.
 *
 * @param chain any chain
 * @returns the spelling; a chain that begins at a client starts with the client's library in angle brackets
 */
export function spellChain(chain: ChainValue): string {
  const root = chain.root.kind === 'client' ? `<${chain.root.client.library}>` : chain.root.name;
  return root + chain.steps.map(spellStep).join('');
}

function spellStep(step: ChainStep): string {
  if (step.template) return step.name === '()' ? '``' : `.${step.name}\`\``;
  if (!step.args) return `.${step.name}`;
  return step.name === '()' ? '()' : `.${step.name}()`;
}
