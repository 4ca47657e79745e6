import { type DemoApp, type DemoRelease, day, hour } from './model.ts';
import type { Random } from './random.ts';

const improvements = [
  'Searches with many filters answer about twice as fast.',
  'The audit log can be exported as CSV.',
  'Single sign-on accepts several identity providers.',
  'Dashboards can be pinned to the start page.',
  'Large imports resume where they stopped.',
  'The worker asks for less memory while it is idle.',
  'Roles can be limited to one project.',
  'Webhooks are signed and retried for a day.',
  'A new health page lists every background job.',
  'Backups run without pausing writes.',
];
const repairs = [
  'Fixed a crash when an upload was cut off.',
  'Fixed time zones in scheduled reports.',
  'Fixed a slow leak in the ingest queue.',
  'Fixed login loops behind strict proxies.',
  'Fixed counts that were one day behind.',
  'Updated base images with security patches.',
  'Fixed retries that never gave up.',
  'Fixed sorting of names with accents.',
];

interface Promotion {
  channel: 'Stable' | 'Beta' | 'LTS';
  versionLabel: string;
  at: number;
  notes: string;
}

/** The promotions of one line of versions over the last six months: betas lead, stable follows, LTS is only mended. */
function planPromotions(now: number, major: number, random: Random): Promotion[] {
  const plan: Promotion[] = [];
  const promote = (channel: Promotion['channel'], versionLabel: string, daysAgo: number): void => {
    const at = Math.floor((now - daysAgo * day) / hour) * hour - random.int(0, 5) * hour;
    const kind = /\.0(-|$)/.test(versionLabel) ? improvements : repairs;
    plan.push({ channel, versionLabel, at, notes: `${random.pick(kind)} ${random.pick(repairs)}` });
  };
  for (let minor = 0; minor < 7; minor += 1) {
    const start = 181 - minor * 25.5;
    promote('Beta', `${major}.${minor}.0-beta.1`, start);
    promote('Beta', `${major}.${minor}.0-beta.2`, start - 6);
    promote('Stable', `${major}.${minor}.0`, start - 14);
    promote('Stable', `${major}.${minor}.1`, start - 19);
    if (minor < 5) promote('Beta', `${major}.${minor}.0-rc.1`, start - 11);
    if (minor % 3 === 1) promote('Stable', `${major}.${minor}.2`, start - 23);
  }
  for (let patch = 0; patch < 12; patch += 1) {
    promote('LTS', `${major - 1}.9.${patch}`, 178 - patch * 15.4);
  }
  return plan.sort((left, right) => left.at - right.at);
}

/** An app whose channels carry six months of releases, the newest a few days old. */
export function createApp(
  slug: string,
  name: string,
  major: number,
  now: number,
  random: Random,
): DemoApp {
  const plan = planPromotions(now, major, random);
  const channels = (['Stable', 'Beta', 'LTS'] as const).map((channel) => {
    const releases: DemoRelease[] = [];
    plan.forEach((promotion, index) => {
      if (promotion.channel !== channel) return;
      releases.push({
        channelSequence: releases.length + 1,
        releaseSequence: 100 + index,
        versionLabel: promotion.versionLabel,
        promotedAt: promotion.at,
        releaseNotes: promotion.notes,
      });
    });
    return { id: `${slug}-${channel.toLowerCase()}`, name: channel, releases };
  });
  return { slug, name, channels };
}
