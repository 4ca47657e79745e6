import type { AppDetails } from '#contract/catalog.ts';
import { slugOf } from '#domain/slug.ts';
import type { TemplateValues } from '#domain/install-template.ts';

/** What a preview of a template puts in: the app's own, and a customer who does not exist. */
export function exampleValues(
  app: Pick<AppDetails, 'slug' | 'channels'>,
  typed: { registry: string; chart: string; name: string; version: string | null },
): TemplateValues {
  const registry = typed.registry.trim() || 'registry.example.com/charts';
  const channel = app.channels[0]?.name ?? 'Stable';
  return {
    registry,
    registryHost: registry.split('/')[0] ?? registry,
    chart: typed.chart.trim() || app.slug,
    appSlug: app.slug,
    appName: typed.name.trim(),
    channel,
    channelSlug: slugOf(channel, 63, 'channel'),
    version: typed.version ?? '1.0.0',
    email: 'ops@customer.example',
    licenseId: '2ExampleLicenseId',
    customerName: 'A customer’s name',
  };
}
