declare const unit: unique symbol;
type Brand<T, Unit extends string> = T & { readonly [unit]: Unit };

/** A moment in milliseconds since 1970: the only time inside the product. */
export type EpochMs = Brand<number, 'ms'>;

/** A moment in whole seconds since 1970: for TTL attributes, JWT claims and `apns-expiration` only. */
export type EpochSeconds = Brand<number, 's'>;

/** Tells the time. It is an argument everywhere, so that tests control it. */
export type Clock = () => EpochMs;

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Marks `value` as milliseconds since 1970. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only the compiler knows a brand, and this cast makes one
export const epochMs = (value: number): EpochMs => value as EpochMs;

/** `at` plus `ms`. */
export const later = (at: EpochMs, ms: number): EpochMs => epochMs(at + ms);

/** The last whole second at or before `at`. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only the compiler knows a brand, and this cast makes one
export const toEpochSeconds = (at: EpochMs): EpochSeconds => Math.floor(at / SECOND_MS) as EpochSeconds;

/** `at` as it appears in JSON: ISO 8601, UTC, milliseconds. */
export const iso = (at: EpochMs): string => new Date(at).toISOString();
