import type { Bill } from './bill.ts';
import type { ItemKey } from './item-kind.ts';

/** What the engine answered. */
export interface EngineAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What an operation has the engine do. */
export interface Engine {
  /** Sends the request itself, once. */
  send(): Promise<EngineAnswer>;
  /** The sizes of items as they are now, in bytes; 0 where there is none. */
  sizesOf(tableName: string, keys: readonly ItemKey[]): Promise<readonly number[]>;
}

/** How requests of one kind are counted. */
export interface Operation {
  /** Parameters by which the engine tells more than the sender asked for, which is taken out of the answer again. */
  asks(body: Readonly<Record<string, unknown>>): Readonly<Record<string, string>>;
  /** Has the request carried out; what it costs comes back beside the answer. */
  run(body: unknown, engine: Engine): Promise<{ readonly answer: EngineAnswer; readonly bills: readonly Bill[] }>;
}
