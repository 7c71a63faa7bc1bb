/** One thing that must be so after a soak. */
export interface Finding {
  readonly what: string;
  readonly isGood: boolean;
  readonly seen: string;
}
