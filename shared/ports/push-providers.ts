import type { PushProvider } from '#domain/push-token/token.ts';

/** The named push providers as an operator has configured them, in so far as the sending of a push depends on it. */
export interface ConfiguredProviders {
  /** Changes with the settings of a provider; nothing where there is none of that name. */
  versionOf(provider: PushProvider, name: string): Promise<string | undefined>;
  /** Looks for changes before it is time to; how often that is done is its own affair. */
  refresh(): Promise<void>;
  /** The `apn` providers whose apps ring by an alert: an ordinary token of theirs rings, too. */
  ringingByAlert(): Promise<ReadonlySet<string>>;
}
