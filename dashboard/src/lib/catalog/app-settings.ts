import type { AppDetails } from '#contract/catalog.ts';

/** An app's settings as they are typed: what is null is empty, or the template that stands in for it. */
export function settingsOf(app: AppDetails) {
  return {
    name: app.name,
    statusInformers: app.statusInformers,
    helmRegistry: app.helmRegistry ?? '',
    helmChart: app.helmChart ?? '',
    accentColor: app.accentColor ?? '',
    installTemplate: app.installTemplate ?? app.defaultTemplates.install,
    airGapTemplate: app.airGapTemplate ?? app.defaultTemplates.airGap,
  };
}
export type AppSettings = ReturnType<typeof settingsOf>;

/** What is typed, as it goes to the server. */
export function toSettingsChange(
  typed: Partial<AppSettings> & { revision: number },
  { defaultTemplates }: Pick<AppDetails, 'defaultTemplates'>,
): Record<string, unknown> & { revision: number } {
  const change: Record<string, unknown> & { revision: number } = { ...typed };
  for (const name of ['helmRegistry', 'helmChart', 'accentColor'] as const) {
    if (typed[name] !== undefined) change[name] = typed[name].trim() || null;
  }
  if (typed.name !== undefined) change.name = typed.name.trim();
  if (typed.installTemplate === defaultTemplates.install) change.installTemplate = null;
  if (typed.airGapTemplate === defaultTemplates.airGap) change.airGapTemplate = null;
  return change;
}
