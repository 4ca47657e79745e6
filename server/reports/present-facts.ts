import { toInstant } from '#domain/instant.ts';
import type { InstanceReport } from '#contract/reports.ts';
import { eventedFacts, fieldOf } from '#domain/fields.ts';
import type { FactName, Instance, Reporter } from '#domain/model.ts';
import { lastSpoke } from '#domain/reporters.ts';

/** Facts that the page shows in places of their own. */
const shownElsewhere = new Set<FactName>(['status', 'restoredFromInstanceId']);

/** The facts to read through, in their order: those that make events, and the sequence beside its label. */
const readFacts: FactName[] = eventedFacts
  .filter((field) => !shownElsewhere.has(field))
  .flatMap((field) => (field === 'versionLabel' ? [field, 'channelSequence' as const] : [field]));

/** What is known of an instance beyond its row, with who says so once two have spoken. */
export function presentFacts(instance: Instance): InstanceReport['facts'] {
  return readFacts.flatMap((field) => {
    const value = instance.facts[field];
    if (value === undefined) return [];
    return [{ field, label: fieldOf[field].label, value, reporter: speakerOf(instance, field) }];
  });
}

/** Whose value of a fact holds; null: nobody's last word. */
function speakerOf(instance: Instance, field: FactName): Reporter | null {
  const { reports, facts } = instance;
  if (!reports) return instance.kotsReportedAt !== null ? 'kots' : 'sdk';
  if (reports.kots[field] === facts[field]) return 'kots';
  return reports.sdk[field] === facts[field] ? 'sdk' : null;
}

/** What the reporter that does not speak for the instance last said otherwise; null: nothing. */
export function presentOtherwise(instance: Instance): InstanceReport['otherwise'] {
  const { reports, facts } = instance;
  if (!reports) return null;
  const deviating = (reporter: Reporter) =>
    [...readFacts, 'status' as const].filter(
      (field) =>
        reports[reporter][field] !== undefined && reports[reporter][field] !== facts[field],
    );
  const reporter = deviating('sdk').length > 0 ? 'sdk' : 'kots';
  const at = lastSpoke(instance, reporter);
  const fields = deviating(reporter);
  if (at === null || fields.length === 0) return null;
  const values = fields.map((field) => ({
    field,
    label: fieldOf[field].label,
    value: reports[reporter][field] ?? null,
  }));
  return { reporter, at: toInstant(at), values };
}
