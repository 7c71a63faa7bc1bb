import type { Engine } from '#adapters/secrets/push-providers.ts';
import type { Finding } from '#ports/checkup-store.ts';

/** The engines of a push service. */
export interface Engines {
  /** The name of the library. */
  readonly library: string;
  /** The engine that pushes. */
  readonly chosen: Engine;
  /** What a push comes to by an engine. */
  findingOf(engine: Engine): Promise<Finding>;
}

/** Tries both engines, the chosen one first, and says whose a refusal is. What is only noted is not about an engine. */
export async function byEngines({ library, chosen, findingOf }: Engines): Promise<Finding> {
  const names = { carillon: 'Carillon’s engine', library };
  const other = chosen === 'carillon' ? 'library' : 'carillon';
  const own = await findingOf(chosen);
  if (own.state === 'note') return own;
  const others = await findingOf(other);
  if (own.state === 'good') {
    if (others.state === 'good') return own;
    return {
      ...own,
      state: 'note',
      says: `${own.says} by ${names[chosen]}, which is in use. ${names[other]} finds: ${others.says}. So do not set "engine": "${other}"`,
    };
  }
  const whose =
    others.state === 'good'
      ? `${names[other]} is not refused, so ${names[chosen]} is at fault: set "engine": "${other}" for this provider`
      : `${names[other]} is refused, too, so the engine is not at fault`;
  return { ...own, says: `${own.says}. ${whose}` };
}
