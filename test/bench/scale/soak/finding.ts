/** A condition that must hold after a soak. */
export interface Finding {
  readonly what: string;
  readonly isGood: boolean;
  readonly seen: string;
}
