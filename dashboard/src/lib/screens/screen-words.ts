import type { Screen } from '#contract/screens.ts';
import type { Redaction, WallDensity, WallMode, WallTheme } from '#contract/wall.ts';
import { formatCount } from '../format/count.ts';

export const redactionWords: Record<Redaction, { label: string; means: string }> = {
  full: {
    label: 'In full',
    means: 'For rooms in which everybody may know who your customers are.',
  },
  initials: {
    label: 'Initials',
    means: '“Geeglo Ltd” shows as “GL”; names of instances are left out.',
  },
  none: {
    label: 'Not at all',
    means: 'Each customer is a number, the same on every screen. Names never leave the server.',
  },
};

export const modeWords: Record<WallMode, string> = {
  instances: 'Every instance',
  customers: 'One tile a customer',
  customer: 'A single customer',
};

export const themeWords: Record<WallTheme, string> = {
  dark: 'Dark',
  light: 'Light',
  auto: 'As the device says',
};

export const densityWords: Record<WallDensity, string> = {
  auto: 'As large as fits',
  bars: 'Tiles with bars',
  tiles: 'Tiles',
  dots: 'Dots',
  counts: 'Counts by customer',
};

/** What a screen shows, in a few words. Pure. */
export function describeScope({ scope, instances }: Pick<Screen, 'scope' | 'instances'>): string {
  const count = formatCount(instances, 'instance');
  const parts = [
    say(scope.customers.length, 'customer'),
    say(scope.apps.length, 'app'),
    say(scope.channels.length, 'channel'),
    say(scope.tags.length, 'tag'),
    say(scope.licenseTypes.length, 'license type'),
  ].filter((part) => part !== null);
  return parts.length === 0 ? `All of them: ${count}` : `${count} of ${parts.join(', ')}`;
}

const say = (count: number, one: string): string | null =>
  count === 0 ? null : formatCount(count, one);
