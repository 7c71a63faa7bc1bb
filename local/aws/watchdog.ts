import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

// Reads `+pid` and `-pid` lines until the pipe closes, which it does when the local stack ends in any way.
const alive = new Set<number>();

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const pid = Number(line.slice(1));
    if (line.startsWith('+')) alive.add(pid);
    else alive.delete(pid);
  })
  .on('close', () => {
    for (const pid of alive) kill(pid);
    const [, , scratchDirectory] = process.argv;
    if (scratchDirectory) rmSync(scratchDirectory, { recursive: true, force: true, maxRetries: 10 });
  });

function kill(pid: number): void {
  try {
    // The child leads a process group, so this reaches its own children as well.
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has already ended.
  }
}
