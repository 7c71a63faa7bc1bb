import { useEffect, useState } from 'preact/hooks';
import { readStage } from '../api/stage.ts';

/** Whether this is the build of the local stack, the only one with the virtual phones. */
export const IS_LOCAL = import.meta.env.MODE === 'phones';

/** The local stack that the tools take by default. */
const DEFAULT_STACK = 'http://127.0.0.1:8181';

/** How a tool of the repository is called for the deployment that this page is from. */
export function Command({ tool, options = '' }: { readonly tool: string; readonly options?: string }) {
  const [stage, setStage] = useState<string>();
  useEffect(() => {
    if (!IS_LOCAL) void readStage().then((file) => setStage(file?.stage));
  }, []);
  const local = location.origin === DEFAULT_STACK ? '' : `--url ${location.origin}`;
  const given = [IS_LOCAL ? local : `--stage ${stage ?? '<stage>'}`, options].filter((part) => part !== '').join(' ');
  return <code>{`npm run ${tool}${given === '' ? '' : ` -- ${given}`}`}</code>;
}
