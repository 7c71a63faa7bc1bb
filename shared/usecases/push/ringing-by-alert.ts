import type { ConfiguredProviders } from '#ports/push-providers.ts';

export interface RingingByAlertDeps {
  readonly providers: Pick<ConfiguredProviders, 'ringingByAlert'>;
}

/** The providers whose ordinary tokens ring; none while their settings cannot be read, so that sockets ring all the same. */
export const ringingByAlert = ({ providers }: RingingByAlertDeps): Promise<ReadonlySet<string>> =>
  providers.ringingByAlert().catch(() => new Set());
