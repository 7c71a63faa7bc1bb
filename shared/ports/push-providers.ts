import type { PushProvider } from '#domain/push-token/token.ts';

/** What sending a push has to know of the named push providers that an operator has configured. */
export interface ConfiguredProviders {
  /** Changes with the settings of a provider; nothing if there is no provider of that name. */
  versionOf(provider: PushProvider, name: string): Promise<string | undefined>;
  /** Looks for changes early. The implementation limits how often it really looks. */
  refresh(): Promise<void>;
  /** The `apn` providers whose apps ring by an alert, so that their ordinary tokens ring, too. */
  ringingByAlert(): Promise<ReadonlySet<string>>;
}
