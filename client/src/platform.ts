/** What browsers have and Node has not, or the other way around. */
interface Page {
  readonly addEventListener?: (type: string, listener: () => void) => void;
  readonly removeEventListener?: (type: string, listener: () => void) => void;
  readonly document?: {
    readonly visibilityState: string;
    addEventListener(type: string, listener: () => void): void;
    removeEventListener(type: string, listener: () => void): void;
  };
  readonly sessionStorage?: { getItem(key: string): string | null; setItem(key: string, value: string): void };
  readonly navigator?: { readonly locks?: Locks };
  readonly reportError?: (error: unknown) => void;
  readonly crypto?: { randomUUID?(): string };
}

/** The Web Locks API, as far as it is used. */
interface Locks {
  request(
    name: string,
    options: { readonly ifAvailable: true },
    then: (lock: unknown) => Promise<void> | undefined,
  ): Promise<unknown>;
}

/** The page, or the process. Looked up when it is used: importing the package touches no global. */
export const page = (): Page => globalThis as Page;

/** An id that nobody else has. */
export const newId = (): string =>
  page().crypto?.randomUUID?.() ??
  'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replaceAll('x', () => Math.floor(Math.random() * 16).toString(16));

/** Calls `wake` whenever the page or its network comes back; `isOnline` says whether it is a new network. */
export function onWake(wake: (isOnline: boolean) => void): () => void {
  const { document, addEventListener, removeEventListener } = page();
  const online = (): void => wake(true);
  const shown = (): void => {
    if (document?.visibilityState !== 'hidden') wake(false);
  };
  const onPage = { online, pageshow: shown, resume: shown };
  for (const [type, listener] of Object.entries(onPage)) addEventListener?.(type, listener);
  document?.addEventListener('visibilitychange', shown);
  document?.addEventListener('resume', shown);
  return () => {
    for (const [type, listener] of Object.entries(onPage)) removeEventListener?.(type, listener);
    document?.removeEventListener('visibilitychange', shown);
    document?.removeEventListener('resume', shown);
  };
}
