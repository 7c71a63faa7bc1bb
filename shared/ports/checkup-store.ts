import type { EpochMs } from '#domain/time.ts';

/** How a check came out: all is well, something to know, or something to fix. */
export const FINDING_STATES = ['good', 'note', 'fix'] as const;

/** The result of one check of the doctor, in words for whoever runs the stack. */
export interface Finding {
  readonly state: (typeof FINDING_STATES)[number];
  /** What was checked. */
  readonly about: string;
  readonly says: string;
}

/** What the doctor found. */
export interface Checkup {
  readonly findings: readonly Finding[];
  readonly at: EpochMs;
  /** Who ran it; absent if that was no person. */
  readonly by?: string;
}

/** The doctor's latest checkup. */
export interface CheckupStore {
  /** Keeps one of this moment, in the place of the one before. */
  keep(found: Omit<Checkup, 'at'>): Promise<void>;
  /** Nothing, if there has been none. */
  latest(): Promise<Checkup | undefined>;
}
