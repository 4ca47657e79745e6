import { type Episode, episodes, lasting, unfinished } from './episodes.ts';
import { type InstanceScript, type Said, day, hour, minute } from './model.ts';
import type { Random } from './random.ts';
import { currentKots, currentSdk, growMetrics, newestSequence, turnTo } from './said.ts';

/** Something that happens at one moment of the past, whether or not it is reported. */
export interface Moment {
  at: number;
  patch: Partial<Said>;
}
export interface Stretch {
  from: number;
  to: number;
}

/** Stretches in which nothing was heard: a firewall change, a paused cluster. */
export function planGaps(
  { mood, installedAt }: InstanceScript,
  now: number,
  random: Random,
): Stretch[] {
  const starts =
    mood === 'gappy'
      ? [random.between(3, 9), random.between(24, 40), random.between(50, 80)]
      : random.chance(0.2)
        ? [random.between(16, 80)]
        : [];
  return starts
    .map((daysAgo) => now - daysAgo * day)
    .filter((from) => from > installedAt + day)
    .map((from) => ({ from, to: from + random.between(1.2, 2.8) * day }));
}

/** Everything that happens to the instance, oldest first; no two statuses at once. */
export function planMoments(
  script: InstanceScript,
  opening: Said,
  until: number,
  now: number,
  random: Random,
): Moment[] {
  const taken: Stretch[] = [];
  const moments: Moment[] = [];
  const stage = (at: number, episode: Episode, { open = false } = {}): boolean => {
    const end = open ? until : at + lasting(episode);
    const clashes = taken.some((stretch) => at < stretch.to && end > stretch.from);
    if (clashes || at < script.installedAt || end > until) return false;
    taken.push({ from: at - 5 * minute, to: end + 5 * minute });
    for (const step of episode) moments.push({ at: at + step.after, patch: step.patch });
    return true;
  };
  if (script.mood === 'stuck') {
    stageStuck(script, until, moments, random);
  } else {
    stageEnding(script, stage, until, random);
    stage(script.installedAt, episodes.install(random).slice(1));
    stageUpgrades(script, stage, opening.channelSequence, until, random);
    stageCluster(script, stage, until, random);
    stageIncidents(script, stage, until, random);
  }
  stageClients(script, moments, now, until, random);
  stageMetrics(script, opening, moments, until, random);
  return moments
    .filter((moment) => moment.at < until)
    .map(({ at, patch }) => ({ at, patch: withoutStatus(script, patch) }))
    .sort((left, right) => left.at - right.at);
}

/** Without status informers nothing is ever known to be wrong: the status stays as it began. */
function withoutStatus({ mood }: InstanceScript, patch: Partial<Said>): Partial<Said> {
  if (mood !== 'unmonitored') return patch;
  const { status: _status, culprit: _culprit, ...rest } = patch;
  return rest;
}

type Stage = (at: number, episode: Episode, options?: { open?: boolean }) => boolean;

/** What is still going on at the end of the story, staged first so that it always finds room. */
function stageEnding(
  { mood, nodes }: InstanceScript,
  stage: Stage,
  until: number,
  random: Random,
): void {
  if (mood === 'struggling') {
    stage(until - 3.4 * hour, unfinished(episodes.nodeLoss(random, nodes)), { open: true });
  } else if (mood === 'down') {
    stage(until - 42 * minute, unfinished(episodes.outage(random)).slice(0, 2), { open: true });
  } else if (mood === 'flapping') {
    stage(until - random.between(0.5, 1.5) * day, episodes.flapping(random));
    stage(until - random.between(4, 6) * day, episodes.flapping(random));
  }
}

/** It never came up: pods crash, are fixed, and crash again. */
function stageStuck(
  { installedAt }: InstanceScript,
  until: number,
  moments: Moment[],
  random: Random,
): void {
  for (let at = installedAt + 10 * minute; at < until; at += random.wait(20 * hour)) {
    moments.push({
      at,
      patch: turnTo(random.pick(['unavailable', 'missing', 'degraded']), random),
    });
  }
}

function stageUpgrades(
  script: InstanceScript,
  stage: Stage,
  running: number,
  until: number,
  random: Random,
): void {
  const [least, most] = script.mood === 'laggard' ? [24, 45] : [0.3, 6];
  let sequence = running;
  let latest = script.installedAt;
  for (const release of script.channel.releases) {
    const at = Math.max(latest + hour, release.promotedAt + random.between(least, most) * day);
    if (release.channelSequence <= sequence || random.chance(0.25) || at > until) continue;
    if (script.mood === 'upgrading' && release === script.channel.releases.at(-1)) continue;
    if (!stage(at, episodes.upgrade(random, release.channelSequence))) continue;
    sequence = release.channelSequence;
    latest = at;
  }
  if (script.mood === 'upgrading') {
    const newest = newestSequence(script, until);
    stage(until - 90_000, unfinished(episodes.upgrade(random, newest)).slice(0, 1), { open: true });
  }
}

function stageCluster(script: InstanceScript, stage: Stage, until: number, random: Random): void {
  script.k8sVersions.slice(1).forEach((version, index) => {
    const at = until - (75 - index * 45 - random.between(0, 30)) * day;
    if (at > script.installedAt + day) stage(at, episodes.clusterUpgrade(random, version));
  });
  if (script.nodes < 2) return;
  for (let at = script.installedAt; at < until; at += random.wait(60 * day)) {
    if (at > script.installedAt) stage(at, episodes.nodeLoss(random, script.nodes));
  }
}

function stageIncidents(script: InstanceScript, stage: Stage, until: number, random: Random): void {
  const bumpy = script.mood === 'bumpy';
  const kinds = [
    { every: bumpy ? 3.5 * day : 48 * day, make: () => episodes.outage(random, bumpy ? 190 : 30) },
    { every: bumpy ? 2.5 * day : 16 * day, make: () => episodes.slowdown(random) },
    { every: 28 * day, make: () => episodes.blip(random) },
    {
      every: script.mood === 'flapping' ? 12 * day : 300 * day,
      make: () => episodes.flapping(random),
    },
  ];
  for (const { every, make } of kinds) {
    let at = script.installedAt + random.wait(every);
    for (; at < until; at += random.wait(every)) stage(Math.round(at), make());
  }
}

/** SDK and app manager come up to date with every other upgrade or so. */
function stageClients(
  script: InstanceScript,
  moments: Moment[],
  now: number,
  until: number,
  random: Random,
): void {
  for (
    let at = script.installedAt + random.wait(20 * day);
    at < until;
    at += random.wait(25 * day)
  ) {
    if (script.voice === 'plain') return;
    const patch: Partial<Said> = {};
    if (script.voice !== 'kots') patch.sdkVersion = currentSdk(at, now);
    if (script.voice !== 'sdk' && script.voice !== 'airgap')
      patch.appManagerVersion = currentKots(at, now);
    moments.push({ at, patch });
  }
}

function stageMetrics(
  script: InstanceScript,
  opening: Said,
  moments: Moment[],
  until: number,
  random: Random,
): void {
  let metrics = opening.metrics;
  for (let at = script.installedAt + 9 * hour; at < until; at += random.between(0.8, 1.6) * day) {
    metrics = growMetrics(metrics, random);
    moments.push({ at, patch: { metrics } });
  }
}
