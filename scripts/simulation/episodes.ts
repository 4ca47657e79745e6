import type { AppStatus } from '#contract/status.ts';
import { type Said, hour, minute } from './model.ts';
import type { Random } from './random.ts';
import { turnTo } from './said.ts';

/** One step of an episode: what holds from `after` milliseconds past its beginning. */
export interface Step {
  after: number;
  patch: Partial<Said>;
}
export type Episode = Step[];

/** A status for a while, told as pairs of status and minutes, and ready at the end. */
function tell(random: Random, ...course: [AppStatus, number][]): Episode {
  let after = 0;
  const steps = course.map(([status, minutes]) => {
    const step = { after: Math.round(after), patch: turnTo(status, random) };
    after += minutes * minute;
    return step;
  });
  return [...steps, { after: Math.round(after), patch: turnTo('ready', random) }];
}

export const episodes = {
  install: (random: Random): Episode => {
    const slow = random.chance(0.15);
    return tell(
      random,
      ['missing', random.between(0.5, 2)],
      ['unavailable', random.between(1, slow ? 240 : 12)],
      ['degraded', random.between(1, slow ? 60 : 6)],
    );
  },
  slowdown: (random: Random): Episode => tell(random, ['degraded', random.between(2, 45)]),
  blip: (random: Random): Episode => tell(random, ['missing', random.between(0.5, 3)]),
  outage: (random: Random, longest = 40): Episode =>
    tell(
      random,
      ['degraded', random.between(1, 8)],
      ['unavailable', random.between(4, longest)],
      ['degraded', random.between(1, 15)],
    ),
  /** Hours of coming and going, each turn a few minutes. */
  flapping: (random: Random): Episode => {
    const course: [AppStatus, number][] = [];
    const until = random.between(2, 5) * 60;
    for (let spent = 0; spent < until;) {
      const bad: [AppStatus, number] = [
        random.pick(['unavailable', 'degraded']),
        random.between(1, 6),
      ];
      const good: [AppStatus, number] = ['ready', random.between(2, 9)];
      course.push(bad, good);
      spent += bad[1] + good[1];
    }
    return tell(random, ...course);
  },
  upgrade: (random: Random, channelSequence: number): Episode => {
    const rough = random.chance(0.08);
    const course = tell(
      random,
      ['updating', random.between(2, 14)],
      ...(rough ? ([['unavailable', random.between(3, 25)]] as [AppStatus, number][]) : []),
    );
    return course.map((step, index) =>
      index === 0 ? { ...step, patch: { ...step.patch, channelSequence } } : step,
    );
  },
  nodeLoss: (random: Random, nodes: number): Episode => {
    const back = random.between(10, 110) * minute;
    const [lost] = tell(random, ['degraded', 1]);
    return [
      { after: 0, patch: { ...lost?.patch, nodesReady: Math.max(0, nodes - 1) } },
      { after: Math.round(back), patch: { ...turnTo('ready', random), nodesReady: nodes } },
    ];
  },
  /** Nodes are drained one after the other. */
  clusterUpgrade: (random: Random, k8sVersion: string): Episode => {
    const course = tell(random, ['degraded', random.between(3, 25)]);
    return course.map((step, index) =>
      index === 1 ? { ...step, patch: { ...step.patch, k8sVersion } } : step,
    );
  },
} as const;

/** How long an episode lasts, to its last step. */
export const lasting = (episode: Episode): number => episode.at(-1)?.after ?? 0;

/** An episode that has begun and does not end: without its last step. */
export const unfinished = (episode: Episode): Episode => episode.slice(0, -1);

export const maximalEpisode = 12 * hour;
