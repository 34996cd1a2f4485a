import { type ChildProcess, spawn } from 'node:child_process';

/** A client of a language server on standard input and output: JSON-RPC with Content-Length headers. */
export interface LanguageServer {
  request(method: string, params: unknown): Promise<unknown>;
  notify(method: string, params: unknown): void;
  stop(): void;
}

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/**
 * Starts a language server.
 *
 * @param answer what the server's own requests get
 */
export function startLanguageServer(
  script: string,
  cwd: string,
  answer: (method: string, params: unknown) => unknown,
): LanguageServer {
  const server = spawn(process.execPath, [script, '--stdio'], { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  const pending = new Map<number | string, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  let nextId = 1;

  readMessages(server, (message) => {
    if (message.method !== undefined && message.id !== undefined) {
      send({ id: message.id, result: answer(message.method, message.params) ?? null });
    } else if (message.method === undefined && message.id !== undefined) {
      const request = pending.get(message.id);
      pending.delete(message.id);
      if (message.error === undefined) request?.resolve(message.result);
      else request?.reject(new Error(message.error.message));
    }
  });

  function send(message: Message): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    server.stdin.write(`Content-Length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`);
  }

  return {
    request: (method, params) =>
      new Promise((resolve, reject) => {
        const id = nextId++;
        pending.set(id, { resolve, reject });
        send({ id, method, params });
      }),
    notify: (method, params) => {
      send({ method, params });
    },
    stop: () => {
      server.kill();
    },
  };
}

function readMessages(server: ChildProcess, handle: (message: Message) => void): void {
  let buffer = Buffer.alloc(0);
  server.stdout!.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const header = buffer.indexOf('\r\n\r\n');
      if (header === -1) return;
      const length = Number(/Content-Length: (\d+)/i.exec(buffer.toString('ascii', 0, header))?.[1]);
      const end = header + 4 + length;
      if (buffer.length < end) return;
      handle(JSON.parse(buffer.toString('utf8', header + 4, end)) as Message);
      buffer = buffer.subarray(end);
    }
  });
}
