import { logAbout } from '../observe/log.ts';
import type { Middleware } from './entry-point.ts';

const name = 'log-context';

/** Ids to find a log line by. */
type Ids = Readonly<Record<string, string | undefined>>;

export interface LogContextOptions<Event> {
  /** What the event is about, by ids only. @default nothing */
  readonly ids?: (event: Event) => Ids;
}

/** Puts the invocation's ids into every line that it logs. */
export const logContext = <Event>({ ids = () => ({}) }: LogContextOptions<Event> = {}): Middleware<Event> => ({
  name,
  before({ event, context }) {
    logAbout({
      function_name: context.functionName,
      function_request_id: context.awsRequestId,
      ...ids(event),
    });
  },
});
