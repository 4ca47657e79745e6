import type { InstallInstructions } from '#contract/customers.ts';
import { defaultTemplates } from './default-templates.ts';
import {
  findTemplateFault,
  parseTemplate,
  type Placeholder,
  renderTemplate,
  type TemplateValues,
} from './install-template.ts';
import { toInstant } from './instant.ts';
import type { Time } from './model.ts';
import { slugOf } from './slug.ts';

/** All that install instructions are made from. */
export interface InstallFacts {
  customer: { name: string; email: string | null };
  app: {
    slug: string;
    name: string;
    helmRegistry: string | null;
    helmChart: string | null;
    installTemplate: string | null;
    airGapTemplate: string | null;
  };
  channel: string;
  /** The channel's newest release on offer. */
  release: { versionLabel: string; promotedAt: Time } | null;
  hasAirGap: boolean;
}

/** Stands for the license id before those who may not see it. */
const hidden = '<license id>';

type Values = { [Name in Placeholder]: string | null };

/**
 * How a customer installs the latest release of its channel. Pure.
 * @param licenseId null: the reader may not see it
 */
export function describeInstallation(
  facts: InstallFacts,
  licenseId: string | null,
): InstallInstructions {
  const { app, release } = facts;
  const values = valuesOf(facts, licenseId ?? hidden);
  const write = (template: string, what: string) => {
    const missing = findMissing(template, what, values, facts);
    return { missing, steps: missing ? [] : renderTemplate(template, values as TemplateValues) };
  };
  const online = write(app.installTemplate ?? defaultTemplates.install, 'install template');
  const airGap = facts.hasAirGap
    ? write(app.airGapTemplate ?? defaultTemplates.airGap, 'air gap template')
    : null;
  return {
    release: release && { ...release, promotedAt: toInstant(release.promotedAt) },
    missing: online.missing ?? airGap?.missing ?? null,
    online: online.steps,
    airGap: airGap?.steps ?? null,
    complete: licenseId !== null,
  };
}

function valuesOf({ customer, app, channel, release }: InstallFacts, licenseId: string): Values {
  return {
    registry: app.helmRegistry,
    registryHost: app.helmRegistry?.split('/')[0] ?? null,
    chart: app.helmChart ?? app.slug,
    appSlug: app.slug,
    appName: app.name,
    channel,
    channelSlug: slugOf(channel, 63, 'channel'),
    version: release?.versionLabel ?? null,
    email: customer.email,
    licenseId,
    customerName: customer.name,
  };
}

/** What the vendor has to do before the template can be filled in, as one sentence; null: nothing. */
function findMissing(
  template: string,
  what: string,
  values: Values,
  { app, channel, customer }: InstallFacts,
): string | null {
  const fault = findTemplateFault(template);
  if (fault)
    return `Mend the ${what} of ${app.name} first (Apps → ${app.name} → Settings): ${fault}.`;
  const used = parseTemplate(template).steps.flatMap(({ title, commands }) => [
    ...[...title, ...commands].flatMap((piece) =>
      typeof piece === 'string' ? [] : [piece.placeholder as Placeholder],
    ),
  ]);
  const lacks = (name: Placeholder) => used.includes(name) && values[name] === null;
  if (lacks('registry') || lacks('registryHost')) {
    return `Set the Helm registry of ${app.name} first (Apps → ${app.name} → Settings).`;
  }
  if (lacks('version')) {
    return `Promote a release to the channel ${channel} of ${app.name} first (Apps → ${app.name}).`;
  }
  if (lacks('email')) {
    return `Give ${customer.name} an email address first (Edit): it is the user name at the registry.`;
  }
  return null;
}
