import { setTimeout as wait } from 'node:timers/promises';
import { type Inspector, openInspector } from './inspector.ts';

/** The port where a Node process listens for a debugger after SIGUSR1. */
const LIST = 'http://127.0.0.1:9229/json/list';
const PATIENCE_MS = 5000;

/** Connects to a Node process that was started without a debugger; rejects if something else has the port. */
export async function attach(pid: number): Promise<Inspector> {
  // A frozen process does not answer. It freezes again after its next event.
  process.kill(pid, 'SIGCONT');
  process.kill(pid, 'SIGUSR1');
  const inspector = await openInspector(await listening());
  const { result } = await inspector.ask('Runtime.evaluate', { expression: 'process.pid' });
  if (result.value === pid) return { ...inspector, close: () => letGo(inspector) };
  await inspector.close();
  throw new Error(`process ${result.value} has the debugger's port`);
}

/** Makes the process stop listening, so that the port is free for the next one. */
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

/** Connects to the process that listens for a debugger. */
const target = (): Promise<string | undefined> =>
  fetch(LIST).then(
    async (answer) => Object(await answer.json())[0]?.webSocketDebuggerUrl,
    () => undefined,
  );
