import type { Clock } from '#domain/time.ts';
import { epochMs, MINUTE_MS, SECOND_MS } from '#domain/time.ts';
import type { Finding } from '#ports/checkup-store.ts';
import { about } from './finding.ts';

/** Apple accepts a token for an hour, Google an assertion for some minutes, and our own verifiers allow half a minute. */
const MAX_SKEW_MS = 30 * SECOND_MS;

/** Checks that the stack answers and that this machine's clock is right, since credentials are signed with the time. */
export async function checkStack(url: string, clock: Clock): Promise<Finding[]> {
  const stack = about('stack');
  const asked = clock();
  const answer = await fetch(new URL('/health', url)).catch(
    (error: unknown) => Object(Object(error).cause).code ?? 'no answer',
  );
  if (!(answer instanceof Response)) {
    return [
      stack.fix(`does not answer at ${url} (${answer}): check that it is deployed, and that the address is right`),
    ];
  }
  const health: unknown = await answer.json().catch(() => undefined);
  if (answer.status !== 200 || Object(health).status !== 'ok') {
    return [
      stack.fix(`answers ${answer.status} to /health at ${url}: look for errors in the log of the function http`),
    ];
  }
  return [
    stack.good(`answers at ${url}, version ${Object(health).version}`),
    ...checkClock(answer.headers, epochMs((asked + clock()) / 2)),
  ];
}

function checkClock(headers: Headers, now: number): Finding[] {
  const stackTime = Date.parse(headers.get('date') ?? '');
  const clock = about('clock');
  if (Number.isNaN(stackTime)) return [clock.note('not checked, since the stack does not tell its time')];
  const skewMs = now - stackTime;
  if (Math.abs(skewMs) <= MAX_SKEW_MS) return [clock.good('this machine and the stack have the same time')];
  const apart =
    Math.abs(skewMs) < 2 * MINUTE_MS
      ? `${Math.round(Math.abs(skewMs) / SECOND_MS)} s`
      : `${Math.round(Math.abs(skewMs) / MINUTE_MS)} min`;
  const side = skewMs > 0 ? 'ahead of' : 'behind';
  return [
    clock.fix(
      `this machine is ${apart} ${side} the stack: set its clock first. What it signs counts as too old or too new, which may cause the refusals below`,
    ),
  ];
}
