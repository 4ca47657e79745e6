import { type NewConnection, noteConnections } from '#server/store/screen-connections.ts';
import type { Desk } from './desk.ts';

/** Milliseconds. Many screens that come back at once are noted together. */
const gatherFor = 250;
const noteEvery = 15_000;

/** The live connections of screens in this process, and their record in the database. */
export interface ConnectionLedger {
  entered(connection: NewConnection): void;
  left(id: string): void;
  /** Of one screen. */
  count(screenId: string): number;
  /** None is there any more. */
  close(): Promise<void>;
}

export function openLedger({ db, log }: Pick<Desk, 'db' | 'log'>): ConnectionLedger {
  const there = new Map<string, NewConnection>();
  /** Not yet noted, also if they have ended again. */
  const begun = new Map<string, NewConnection>();
  const ended = new Set<string>();
  let gathering: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();

  /** One after the other, so that what ended is never written after it was deleted. */
  const note = (all: boolean): Promise<void> => {
    running = running.then(async () => {
      const gone = [...ended];
      const rows = [...new Map([...begun, ...(all ? there : [])]).values()];
      if (rows.length + gone.length === 0) return;
      const isNews = begun.size + gone.length > 0;
      try {
        await noteConnections(db, rows, gone, isNews);
        for (const { id } of rows) begun.delete(id);
        for (const id of gone) ended.delete(id);
      } catch (error) {
        log.warn({ err: error }, 'the connections of screens could not be noted');
      }
    });
    return running;
  };
  const soon = () => {
    gathering ??= setTimeout(() => {
      gathering = null;
      void note(false);
    }, gatherFor).unref();
  };
  const timer = setInterval(() => void note(true), noteEvery);
  timer.unref();

  return {
    entered(connection) {
      there.set(connection.id, connection);
      begun.set(connection.id, connection);
      soon();
    },
    left(id) {
      if (!there.delete(id)) return;
      ended.add(id);
      soon();
    },
    count: (screenId) =>
      [...there.values()].filter((connection) => connection.screenId === screenId).length,
    async close() {
      clearInterval(timer);
      if (gathering) clearTimeout(gathering);
      for (const id of there.keys()) ended.add(id);
      there.clear();
      await note(false);
    },
  };
}
