/** What the deployment tells of the stage, in a file beside the console. */
export interface StageFile {
  readonly stage: string;
  readonly region: string;
  /** Where else to look, by name. */
  readonly links: Readonly<Record<string, string>>;
}

let known: StageFile | undefined;

/** Reads that file once; nothing if it is not there, as while the console is worked on. */
export async function readStage(): Promise<StageFile | undefined> {
  try {
    known ??= await fetchStage();
  } catch {
    // It is asked for again with the next look at the service.
  }
  return known;
}

async function fetchStage(): Promise<StageFile | undefined> {
  const answer = await fetch(`${import.meta.env.BASE_URL}stage.json`);
  return answer.ok ? await answer.json() : undefined;
}
