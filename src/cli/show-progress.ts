import path from 'node:path';

/** Milliseconds between two redraws. */
const redrawAfter = 80;

/** A line on a terminal that is redrawn as the run goes on, and gone at its end. Writes nothing elsewhere. */
export function createProgress(
  stream: NodeJS.WriteStream,
  cwd: string,
): (done: number, total: number, file: string) => void {
  if (!stream.isTTY) return () => undefined;
  let drawnAt = 0;
  return (done, total, file) => {
    const now = Date.now();
    if (done >= total) {
      stream.write('\r\u001b[2K');
    } else if (now - drawnAt > redrawAfter) {
      drawnAt = now;
      const text = `${String(done).padStart(String(total).length)}/${String(total)}  ${path.relative(cwd, file)}`;
      stream.write(`\r\u001b[2K${text.slice(0, Math.max(10, stream.columns - 1))}`);
    }
  };
}
