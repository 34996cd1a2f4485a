import type { Client } from '../../model/client.ts';
import type { Recognition } from '../../model/recognition.ts';
import type { ChainValue } from '../../model/value.ts';
import type { LibraryAdapter, RecognizeContext } from '../adapter.ts';
import { normalizeExport } from '../find-export-steps.ts';
import { recognizeService } from './supabase-services.ts';
import { recognizeTableQuery } from './supabase-tables.ts';

/** Factories and classes that make a client. */
const constructions: Readonly<Record<string, ReadonlySet<string>>> = {
  '@supabase/supabase-js': new Set(['createClient', 'SupabaseClient']),
  '@supabase/ssr': new Set(['createServerClient', 'createBrowserClient']),
  '@supabase/auth-helpers-nextjs': new Set([
    'createServerComponentClient',
    'createClientComponentClient',
    'createRouteHandlerClient',
    'createServerActionClient',
    'createMiddlewareClient',
    'createPagesServerClient',
    'createPagesBrowserClient',
    'createBrowserSupabaseClient',
    'createServerSupabaseClient',
  ]),
  '@supabase/auth-helpers-remix': new Set(['createServerClient', 'createBrowserClient']),
};

/** Members that touch no data: realtime subscriptions. */
const nothing = new Set(['channel', 'removeChannel', 'removeAllChannels', 'getChannels', 'realtime']);

/**
 * supabase-js: tables through PostgREST (sent on await, each its own transaction), auth, storage and functions (requests,
 * sent at the call). Errors are returned as `{ error }`, never thrown.
 */
export const supabaseAdapter: LibraryAdapter = {
  name: 'supabase',
  documentation: [
    'https://supabase.com/docs/reference/javascript/select',
    'https://supabase.com/docs/reference/javascript/upsert',
    'https://supabase.com/docs/reference/javascript/using-filters',
    'https://supabase.com/docs/reference/javascript/auth-admin-createuser',
    'https://supabase.com/docs/reference/javascript/storage-from-upload',
  ],
  checkedAgainst: { '@supabase/supabase-js': '2.50.0', '@supabase/ssr': '0.6.1' },
  handlesImport: (specifier) => constructions[specifier] !== undefined,
  identify: identifySupabase,
  recognize: recognizeSupabase,
};

function identifySupabase(chain: ChainValue): Client | undefined {
  const { root } = chain;
  if (root.kind === 'client') return undefined;
  const known = constructions[root.package];
  if (known === undefined) return undefined;
  if (root.kind === 'typed') {
    return root.name.split('.').at(-1) === 'SupabaseClient' && chain.steps.length === 0 ? makeClient() : undefined;
  }
  const exported = normalizeExport(chain);
  const [step, ...more] = exported?.steps ?? [];
  if (exported === undefined || step === undefined || more.length > 0 || !known.has(exported.name)) return undefined;
  return step.name === '()' || step.name === 'new' ? makeClient() : undefined;
}

function makeClient(): Client {
  return { library: 'supabase', role: 'root', connection: 'pool', engine: 'postgresql' };
}

function recognizeSupabase(chain: ChainValue, context: RecognizeContext): Recognition {
  if (chain.root.kind !== 'client') return { kind: 'unsupported', reason: 'not a Supabase client' };
  // `.schema('billing')` only chooses where the table is.
  const steps = chain.steps[0]?.name === 'schema' ? chain.steps.slice(1) : chain.steps;
  const [first] = steps;
  if (first === undefined) return { kind: 'pending' };
  switch (first.name) {
    case 'from':
      return recognizeTableQuery(steps, context.awaited);
    case 'rpc': {
      const name = first.args?.[0];
      if (!context.awaited) return { kind: 'pending' };
      const detail = name?.kind === 'constant' ? String(name.value) : 'rpc';
      return { kind: 'unsupported', reason: 'SQL function is not known', detail };
    }
    case 'auth':
    case 'storage':
    case 'functions':
      return recognizeService(steps);
    default:
      return nothing.has(first.name)
        ? { kind: 'nothing' }
        : { kind: 'unsupported', reason: 'unknown member of Supabase', detail: first.name };
  }
}
