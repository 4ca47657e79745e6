import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const shape = z.object({
  /** With the moment, all that the fleet and its history follow from. */
  seed: z.string(),
  startedAt: z.number(),
  /** The history is in the database. */
  told: z.boolean(),
  /** Newcomers that have come up. */
  arrived: z.number(),
});
/** What the demo must know of its data folder to go on with the same fleet. */
export type DemoMemory = z.infer<typeof shape>;

const file = (folder: string): string => join(folder, 'demo.json');

/** Null: the folder is fresh. An unreadable note counts as none. */
export function recallDemo(folder: string): DemoMemory | null {
  if (!existsSync(file(folder))) return null;
  try {
    return shape.parse(JSON.parse(readFileSync(file(folder), 'utf8')));
  } catch {
    return null;
  }
}

export function rememberDemo(folder: string, memory: DemoMemory): void {
  writeFileSync(file(folder), `${JSON.stringify(memory)}\n`);
}

export function forgetDemo(folder: string): void {
  rmSync(file(folder), { force: true });
}
