import { existsSync, readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';

/** How a part of the page came about: the command, the day, the machine, and the versions of Node and of `packages`. */
export function madeBy(command: string, packages: readonly string[], now: Date): string {
  const load = loadavg()[1]?.toFixed(1) ?? '';
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, load average ${load} over the last five minutes`;
  const versions = [`Node ${process.versions.node}`, ...packages.map((name) => `${name} ${versionOf(name)}`)];
  return `Made by \`${command}\` on ${now.toISOString().slice(0, 10)}: ${machine}, ${versions.join(', ')}.`;
}

/** The packages that Carillon is compared with are in a folder of their own. */
const FOLDERS = ['node_modules', 'test/bench/rivals/node_modules'];

function versionOf(name: string): string {
  const file = FOLDERS.map((folder) => `${folder}/${name}/package.json`).find((path) => existsSync(path));
  if (file === undefined) throw new Error(`${name} is not installed`);
  return JSON.parse(readFileSync(file, 'utf8')).version;
}
