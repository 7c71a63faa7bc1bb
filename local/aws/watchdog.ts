import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

// Reads `+pid` and `-pid` lines, and directories of control groups, until the pipe closes, which it does when the local
// stack ends in any way.
const alive = new Set<number>();
const groups: string[] = [];

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const pid = Number(line.slice(1));
    if (line.startsWith('/')) groups.push(line);
    else if (line.startsWith('+')) alive.add(pid);
    else alive.delete(pid);
  })
  .on('close', async () => {
    for (const pid of alive) kill(pid);
    const [, , scratchDirectory] = process.argv;
    if (scratchDirectory) rmSync(scratchDirectory, { recursive: true, force: true, maxRetries: 10 });
    for (const group of groups) await removeGroup(group);
  });

/** Removes a control group and those in it; a process that was killed is there for a moment longer. */
async function removeGroup(directory: string): Promise<void> {
  for (let tries = 0; tries < 100 && existsSync(directory); tries += 1) {
    try {
      const entries = readdirSync(directory, { withFileTypes: true });
      for (const entry of entries) if (entry.isDirectory()) rmdirSync(join(directory, entry.name));
      rmdirSync(directory);
    } catch {
      await sleep(20);
    }
  }
}

function kill(pid: number): void {
  try {
    // The child leads a process group, so this reaches its own children as well.
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has already ended.
  }
}
