/** What the deployment tells of the stage, in a file beside the console. */
export interface StageFile {
  readonly stage: string;
  readonly region: string;
  /** Where else to look, by name. */
  readonly links: Readonly<Record<string, string>>;
}

/** Reads that file; nothing if it is not there, as while the console is worked on. */
export async function readStage(): Promise<StageFile | undefined> {
  try {
    const answer = await fetch(`${import.meta.env.BASE_URL}stage.json`);
    return answer.ok ? await answer.json() : undefined;
  } catch {
    return undefined;
  }
}
