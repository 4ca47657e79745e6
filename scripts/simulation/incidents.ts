import type { AppStatus } from '#contract/status.ts';
import { clusterKinds, kotsVersions, sdkVersions } from './clusters.ts';
import type { Member } from './member.ts';
import { type Said, minute, second } from './model.ts';
import type { Random } from './random.ts';
import { growMetrics, newestSequence, turnTo } from './said.ts';

/** What an instance goes through next, in the compressed time of a demo. */
export interface Incident {
  /** `after`: milliseconds from its beginning; the last step ends it. */
  steps: { after: number; patch: Partial<Said>; news: 'start' | 'status' | 'metrics' }[];
  /** Milliseconds during which nothing at all is heard of it. */
  silent?: number;
}

function go(random: Random, ...course: [AppStatus, least: number, most: number][]): Incident {
  let after = 0;
  const steps: Incident['steps'] = course.map(([status, least, most]) => {
    const step = { after, patch: turnTo(status, random), news: 'status' as const };
    after += random.between(least, most) * second;
    return step;
  });
  return { steps: [...steps, { after, patch: turnTo('ready', random), news: 'status' }] };
}

const slowdown = (_member: Member, random: Random): Incident => go(random, ['degraded', 12, 45]);
const blip = (_member: Member, random: Random): Incident => go(random, ['missing', 4, 12]);
const outage = (_member: Member, random: Random): Incident =>
  go(random, ['degraded', 4, 10], ['unavailable', 12, 40], ['degraded', 4, 12]);

function upgrade({ script, said }: Member, random: Random): Incident {
  const newest = newestSequence(script, Date.now());
  // Nothing newer: they go back one release, and forward again the next time.
  const behind = newest - said.channelSequence;
  const target =
    behind > 0 ? said.channelSequence + random.int(1, behind) : Math.max(1, newest - 1);
  const [begun, ended] = go(random, ['updating', 10, 30]).steps;
  if (begun === undefined || ended === undefined) return { steps: [] };
  return {
    steps: [{ ...begun, patch: { ...begun.patch, channelSequence: target }, news: 'start' }, ended],
  };
}

function loseNode({ said }: Member, random: Random): Incident {
  const [lost, back] = go(random, ['degraded', 20, 60]).steps;
  if (lost === undefined || back === undefined) return { steps: [] };
  const rest = { nodesReady: Math.max(0, said.nodesTotal - 1) };
  return {
    steps: [
      { ...lost, patch: { ...lost.patch, ...rest } },
      { ...back, patch: { ...back.patch, nodesReady: said.nodesTotal } },
    ],
  };
}

/** The client itself, or the cluster below it, comes up to date. */
function renew({ script, said }: Member): Incident {
  const kind = clusterKinds.find((candidate) => candidate.distribution === script.distribution);
  const patch: Partial<Said> = { k8sVersion: kind?.versions.at(-1) ?? said.k8sVersion };
  if (said.sdkVersion !== null) patch.sdkVersion = sdkVersions.at(-1) ?? said.sdkVersion;
  if (said.appManagerVersion !== null) patch.appManagerVersion = kotsVersions.at(-1) ?? null;
  return { steps: [{ after: 0, patch, news: 'start' }] };
}

/** Mostly long enough to turn late; one in four stays away until it is inactive. */
export const fallSilent = (random: Random): Incident => ({
  steps: [],
  silent: random.chance(0.75) ? random.between(1.6, 4) * minute : 20 * minute,
});
const silence = (_member: Member, random: Random): Incident => fallSilent(random);

/** Ends what the history left open, some while into the demo. */
export function recover(random: Random, least: number, most: number): Incident {
  const wait = random.between(least, most) * second;
  const steps = go(random, ['updating', 5, 10]).steps;
  return { steps: steps.map((step) => ({ ...step, after: step.after + wait })) };
}

/** From nothing to ready in about a minute. */
export function install(random: Random): Incident {
  return go(random, ['missing', 3, 6], ['unavailable', 8, 20], ['degraded', 5, 15]);
}

/** It never becomes ready, and now and then fails in another way. */
export function fail(random: Random): Incident {
  const patch = turnTo(random.pick(['unavailable', 'degraded', 'missing']), random);
  return { steps: [{ after: random.between(60, 200) * second, patch, news: 'status' }] };
}

export function useIt({ said }: Member, random: Random): Incident {
  return {
    steps: [{ after: 0, patch: { metrics: growMetrics(said.metrics, random) }, news: 'metrics' }],
  };
}

const incidents = [
  { weight: 34, make: slowdown },
  { weight: 16, make: outage },
  { weight: 6, make: blip },
  { weight: 26, make: upgrade },
  { weight: 12, make: loseNode, fits: (member: Member) => member.said.nodesTotal > 1 },
  { weight: 5, make: renew },
  { weight: 30, make: silence, fits: (member: Member) => member.script.mood === 'sleeper' },
];

/** One incident that fits the member, by weight. */
export function chooseIncident(member: Member, random: Random): Incident {
  const fitting = incidents.filter(({ fits }) => fits === undefined || fits(member));
  let mark = random.between(
    0,
    fitting.reduce((sum, { weight }) => sum + weight, 0),
  );
  const chosen = fitting.find(({ weight }) => (mark -= weight) < 0) ?? fitting[0];
  return chosen === undefined ? { steps: [] } : chosen.make(member, random);
}
