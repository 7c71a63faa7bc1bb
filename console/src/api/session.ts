/** The token lives as long as its tab, where no other tab and no server finds it. */
const PLACE = 'carillon.operator-token';
const IN_FRAGMENT = 'token';

/** Takes a token out of the address (`#token=…`), if there is one, before anything else can see it there. */
export function takeTokenFromAddress(): boolean {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const token = fragment.get(IN_FRAGMENT);
  if (token === null) return false;
  keepToken(token);
  history.replaceState(null, '', location.pathname + location.search);
  return true;
}

/** The token of this tab. An empty one is none: an address can have it. */
export const currentToken = (): string | undefined => sessionStorage.getItem(PLACE) || undefined;

/** Uses this token from now on. Whole addresses are understood, too: that is what `npm run console` prints. */
export function keepToken(text: string): void {
  const token = /[#&]token=([^&]+)/.exec(text)?.[1] ?? text;
  sessionStorage.setItem(PLACE, token.trim());
}

/** Forgets the token. */
export const forgetToken = (): void => sessionStorage.removeItem(PLACE);

/** What a token says of itself; nothing is checked, the server does that. */
export interface TokenClaims {
  readonly name?: string;
}

/** The claims of the current token, as far as they can be read. */
export function tokenClaims(): TokenClaims {
  try {
    const payload = (currentToken() ?? '').split('.')[1] ?? '';
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (char) =>
      char.charCodeAt(0),
    );
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return {};
  }
}
