import type { PushProvider } from '#domain/push-token/token.ts';

/** A configured push provider. */
interface NamedProvider {
  readonly provider: PushProvider;
  readonly name: string;
}

/** Which push providers refuse everything because of how they are configured, across all instances of the function. */
export interface ProviderFaults {
  /** A push to this user was refused for such a reason. */
  record(fault: NamedProvider & { readonly reason: string; readonly userId: string }): Promise<void>;
  /** A push was not refused for it, after others were. */
  clear(provider: NamedProvider): Promise<void>;
}
