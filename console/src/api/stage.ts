/** What the deployment tells of the stage, in a file beside the console. */
export interface StageFile {
  readonly stage: string;
  readonly region: string;
  /** Where else to look, by name. */
  readonly links: Readonly<Record<string, string>>;
}

let reading: Promise<StageFile | undefined> | undefined;

/** Reads that file once, whoever asks; nothing if it is not there, as while the console is worked on. */
export async function readStage(): Promise<StageFile | undefined> {
  reading ??= fetchStage().catch(() => undefined);
  const file = await reading;
  // It is asked for again with the next look at the service.
  if (!file) reading = undefined;
  return file;
}

async function fetchStage(): Promise<StageFile | undefined> {
  const answer = await fetch(`${import.meta.env.BASE_URL}stage.json`);
  return answer.ok ? await answer.json() : undefined;
}
