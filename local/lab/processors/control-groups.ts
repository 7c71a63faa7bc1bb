import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PERIOD_US, quotaUs } from './share.ts';

/** Gives processes the share of a processor that Lambda gives a function with their memory. */
export interface ProcessorShares {
  /** Control groups are removed with their directory, `/sys/fs/cgroup/…/carillon-<id>`. */
  readonly directory: string;
  /** From now on the process has no more than its share. Call what is returned once the process has ended. */
  limit(pid: number, memoryMb: number): () => void;
}

/** Why processes cannot be limited here. */
export interface NoShares {
  readonly unavailable: string;
}

/** The files of a version of control groups that hold the quota, with what is in them. */
type Quota = (us: number) => readonly (readonly [file: string, content: string])[];

const FIRST: Quota = (us) => [
  ['cpu.cfs_period_us', String(PERIOD_US)],
  ['cpu.cfs_quota_us', String(us)],
];
const SECOND: Quota = (us) => [['cpu.max', `${us} ${PERIOD_US}`]];

/** Makes a control group for this stack, of version 1 or 2, whichever has the processor below `root`. */
export function openProcessorShares(root = '/sys/fs/cgroup'): ProcessorShares | NoShares {
  const name = `carillon-${randomUUID()}`;
  try {
    const first = ['cpu', 'cpu,cpuacct']
      .map((of) => join(root, of))
      .find((of) => existsSync(join(of, 'cpu.cfs_quota_us')));
    if (first !== undefined) return sharesIn(make(first, name), FIRST);
    if (!existsSync(join(root, 'cgroup.controllers'))) return { unavailable: `there is no cgroup for cpu in ${root}` };
    // Children have only the controllers that every group above them passes on.
    if (!readFileSync(join(root, 'cgroup.subtree_control'), 'utf8').split(/\s/).includes('cpu')) passOn(root);
    const own = make(root, name);
    passOn(own);
    return sharesIn(own, SECOND);
  } catch (error) {
    return { unavailable: error instanceof Error ? error.message : String(error) };
  }
}

function make(parent: string, name: string): string {
  const directory = join(parent, name);
  mkdirSync(directory);
  return directory;
}

const passOn = (directory: string): void => writeFileSync(join(directory, 'cgroup.subtree_control'), '+cpu');

const sharesIn = (directory: string, quota: Quota): ProcessorShares => ({
  directory,
  limit(pid, memoryMb) {
    const own = make(directory, String(pid));
    for (const [file, content] of quota(quotaUs(memoryMb))) writeFileSync(join(own, file), content);
    writeFileSync(join(own, 'cgroup.procs'), String(pid));
    return () => {
      try {
        rmdirSync(own);
      } catch {
        // A child of the process is still there. The group goes with the stack.
      }
    };
  },
});
