import { formatExact } from '../format/time.ts';
import { featureWords, licenseWords } from '../words.ts';
import type { Customer, ValueName } from './customer-draft.svelte.ts';

/** One editable value of a customer, in words. */
export function sayValue(name: ValueName, { license, ...customer }: Customer): string {
  switch (name) {
    case 'name':
      return customer.name;
    case 'email':
      return customer.email ?? 'none';
    case 'channel':
      return customer.channel.name;
    case 'type':
      return licenseWords[license.type];
    case 'expiresAt':
      return license.expiresAt === null ? 'never' : formatExact(license.expiresAt);
    case 'features':
      return license.features.map((feature) => featureWords[feature]).join(', ') || 'none';
    case 'entitlements':
      return (
        license.entitlements.map(({ name, value }) => `${name} = ${value}`).join(', ') || 'none'
      );
  }
}
