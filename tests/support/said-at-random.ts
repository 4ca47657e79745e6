import fc from 'fast-check';
import type { CheckIn } from '#domain/model.ts';
import { appStatuses } from '#contract/status.ts';
import { said } from './spine.ts';

const name = fc.constantFrom('one', 'two', 'three');
const text = fc.constantFrom('a', 'b', 'ü');
const facts = fc.record(
  {
    status: fc.constantFrom(...appStatuses),
    channelId: fc.constantFrom('acme-stable', 'elsewhere'),
    channelSequence: fc.integer({ min: 1, max: 4 }),
    k8sVersion: text,
    isKurl: fc.boolean(),
    nodesReady: fc.integer({ min: 0, max: 3 }),
    cloudRegion: text,
  },
  { requiredKeys: [] },
);
const more = fc.record(
  {
    door: fc.constantFrom('api' as const, 'sdk' as const, 'kots' as const),
    tags: fc.record({ force: fc.boolean(), values: fc.dictionary(text, text, { maxKeys: 2 }) }),
    metrics: fc.dictionary(text, fc.integer(), { maxKeys: 2 }),
    nextWithin: fc.constantFrom(60, 3600),
    ago: fc.integer({ min: 1, max: 1000 }),
  },
  { requiredKeys: ['door'] },
);
const checkIn = fc.tuple(name, facts, more).map(([id, known, { ago, ...rest }]): CheckIn => {
  const reportedAt = ago === undefined ? null : Date.now() - ago * 60_000;
  return said(id, known, { ...rest, reportedAt });
});
/** What one report says of a few instances: of every door, live and from archives, with much that repeats. */
export const batch = fc.array(checkIn, { minLength: 1, maxLength: 4 });
/** The same without what has to be compared with the database first. */
export const plainBatch = batch.map((all) =>
  all.map((one): CheckIn => ({ ...one, reportedAt: null, metrics: null })),
);
