import type { Engine } from '#adapters/secrets/push-providers.ts';
import type { Finding } from './finding.ts';

/** What one push comes to by each engine. */
export type ByEngine = Readonly<Record<Engine, Finding>>;

/** One finding of what both engines find, which says whose a refusal is. `name` is that of the library, `chosen` the engine that pushes. */
export function byEngines(
  { name, chosen }: { readonly name: string; readonly chosen: Engine },
  found: ByEngine,
): Finding {
  const called = { carillon: 'Carillon’s engine', library: name };
  const other = chosen === 'carillon' ? 'library' : 'carillon';
  const [own, others] = [found[chosen], found[other]];
  if (own.state === others.state) {
    if (own.state === 'good') return { ...own, says: `${own.says}, by ${called.carillon} and by ${name}` };
    return { ...own, says: `${own.says}. ${called[other]} finds the same, so it is not the engine` };
  }
  if (own.state !== 'good') {
    return {
      ...own,
      says: `${called[chosen]} finds: ${own.says}. ${called[other]} is not refused, so the engine is at fault: set "engine": "${other}" for this provider`,
    };
  }
  return {
    ...own,
    state: 'note',
    says: `${own.says} by ${called[chosen]}, which is in use. ${called[other]} finds: ${others.says}. So do not set "engine": "${other}"`,
  };
}
