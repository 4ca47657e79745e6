import type { Db } from '#db/client.ts';
import type { Span, Time } from '#domain/model.ts';
import { hearingResolution, readHearing, recordHearing } from '#server/store/hearing.ts';
import type { Logger } from 'pino';

const refreshEvery = 10_000;

/** Rollcall's own ears: since when, and when not, it could hear. */
export interface Ears {
  /** All stretches in which check-ins could be committed, oldest first; the last one reaches to now while we hear. */
  spans(now?: Time): Span[];
  close(): Promise<void>;
}

/** Overlapping or nearly touching stretches as one. */
export function mergeSpans(spans: Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && span.from - last.to <= hearingResolution) last.to = Math.max(last.to, span.to);
    else merged.push({ ...span });
  }
  return merged;
}

/** Starts to record that check-ins can be heard: every ten seconds, while the record can be committed. */
export async function openEars(db: Db, log: Logger): Promise<Ears> {
  let spans: Span[] = [];
  let hearing = false;

  async function refresh() {
    try {
      await recordHearing(db);
      const known = spans.at(-1)?.from ?? 0;
      spans = mergeSpans([...spans, ...(await readHearing(db, known))]);
      hearing = true;
    } catch (error) {
      hearing = false;
      log.warn({ err: error }, 'cannot record that check-ins are heard');
    }
  }

  await refresh();
  if (!hearing) throw new Error('The database does not accept writes.');
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(refresh);
  }, refreshEvery);

  return {
    spans(now) {
      const last = spans.at(-1);
      if (!hearing || !last || now === undefined || now <= last.to) return spans;
      return [...spans.slice(0, -1), { from: last.from, to: now }];
    },
    async close() {
      clearInterval(timer);
      running = running.then(refresh);
      await running;
    },
  };
}
