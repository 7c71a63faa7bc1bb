export const KIB = 1024;

/** Started units of so many bytes; nothing is also one. */
export const startedUnits = (bytes: number, unitBytes: number): number => Math.max(1, Math.ceil(bytes / unitBytes));
