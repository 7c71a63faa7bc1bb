import { setTimeout as wait } from 'node:timers/promises';
import { type Inspector, openInspector } from './inspector.ts';

/** Where a Node process listens for a debugger once it is sent SIGUSR1. */
const LIST = 'http://127.0.0.1:9229/json/list';
const PATIENCE_MS = 5000;

/** Opens a line to a Node process that was started without one; rejects where something else has the port. */
export async function attach(pid: number): Promise<Inspector> {
  // One that is frozen answers nobody. It freezes again after the next event that it gets.
  process.kill(pid, 'SIGCONT');
  process.kill(pid, 'SIGUSR1');
  const inspector = await openInspector(await listening());
  const { result } = await inspector.ask('Runtime.evaluate', { expression: 'process.pid' });
  if (result.value === pid) return { ...inspector, close: () => letGo(inspector) };
  await inspector.close();
  throw new Error(`process ${result.value} has the debugger's port`);
}

/** Has the process listen no more, so that the next one finds the port free. */
async function letGo(inspector: Inspector): Promise<void> {
  const expression = "setImmediate(() => process.getBuiltinModule('node:inspector').close())";
  await inspector.ask('Runtime.evaluate', { expression });
  await inspector.close();
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await wait(20)) {
    if (!(await target())) return;
  }
}

async function listening(): Promise<string> {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await wait(20)) {
    const url = await target();
    if (url !== undefined) return url;
  }
  throw new Error('the process does not listen for a debugger');
}

/** The line to whoever listens for a debugger. */
const target = (): Promise<string | undefined> =>
  fetch(LIST).then(
    async (answer) => Object(await answer.json())[0]?.webSocketDebuggerUrl,
    () => undefined,
  );
