import { createFate } from './fate.ts';
import { install } from './incidents.ts';
import { createMember, maySpeak, type Member } from './member.ts';
import { type InstanceScript, type Said, second } from './model.ts';
import type { Random } from './random.ts';
import { createRing, type Ring } from './ring.ts';
import { createOpening } from './said.ts';
import { createTimers } from './timers.ts';
import type { Wire } from './wire.ts';

export interface LifeOptions {
  /** Every living instance with what it would say now. */
  members: { script: InstanceScript; said: Said }[];
  /** Installations that may still come up, in this order. */
  newcomers?: InstanceScript[];
  wire: Wire;
  random: Random;
  /** Check-ins per second, of all together. */
  rate: number;
  /** The same while instances speak for the first time. */
  openingRate?: number;
  /** Told when a newcomer comes up. */
  arrived?: (script: InstanceScript) => void;
}

export interface Life {
  /** How many living instances are in which status, as they would say it. */
  statuses(): Record<string, number>;
  /** Nothing new is said after this; answers under way still come. */
  stop(): void;
}

const tick = 50;
/** Means in a fleet of sixty; a larger one has as many more. */
const incidentEvery = 6.5 * second;
const metricsEvery = 4 * second;
const newcomerEvery = 95 * second;

/** Lets a fleet live: check-ins at a steady rate, and something happening somewhere every few seconds. */
export function startLife(options: LifeOptions): Life {
  const { wire, random, rate } = options;
  const newcomers = [...(options.newcomers ?? [])];
  const join = ({ script, said }: { script: InstanceScript; said: Said }): Member =>
    createMember(script, said, wire, choosePromise(script, options));
  const members = options.members.map(join);
  const ring = createRing(members, random);
  const timers = createTimers();
  const mouth = createMouth(ring, wire, rate, options.openingRate ?? rate, members.length);
  const fate = createFate(members, timers, random, mouth.hasNews);

  const welcome = (): void => {
    const script = newcomers.shift();
    if (script === undefined) return;
    const now = Date.now();
    const member = join({ script, said: createOpening(script, now, now, random) });
    members.push(member);
    ring.add(member);
    fate.undergo(member, install(random));
    options.arrived?.(script);
  };

  members.forEach(fate.resume);
  const share = 60 / Math.max(1, members.length);
  timers.repeat(incidentEvery * share, random, fate.afflict);
  timers.repeat(metricsEvery * share, random, fate.use);
  if (newcomers.length > 0) timers.repeat(newcomerEvery, random, welcome);
  const beat = setInterval(mouth.pulse, tick);
  return {
    statuses: () => countStatuses(members),
    stop: () => {
      clearInterval(beat);
      timers.clear();
    },
  };
}

/** A promise that its turn in the round keeps: two rounds, and at least what the script says. */
function choosePromise(
  { nextWithin }: InstanceScript,
  { members, rate }: LifeOptions,
): number | null {
  if (nextWithin === null) return null;
  return Math.min(86_400, Math.max(nextWithin, Math.ceil((2 * members.length) / rate)));
}

/** Lets members speak: those with news first, then everybody in turn, as fast as asked and the wire allows. */
function createMouth(
  ring: Ring<Member>,
  wire: Wire,
  rate: number,
  openingRate: number,
  count: number,
): { pulse(): void; hasNews(member: Member): void } {
  const newsworthy = new Set<Member>();
  let opening = count;
  let budget = 0;
  let last = performance.now();
  const speak = (member: Member): void => {
    budget -= 1;
    opening -= 1;
    newsworthy.delete(member);
    void member.speak(Date.now()).then(() => {
      if (member.news !== null) newsworthy.add(member);
    });
  };
  const pulse = (): void => {
    const [moment, now] = [Date.now(), performance.now()];
    const pace = opening > 0 ? openingRate : rate;
    budget = Math.min(budget + (pace * (now - last)) / 1000, Math.max(1, pace));
    last = now;
    for (const member of newsworthy) {
      if (wire.waiting() >= wire.inFlight) return;
      if (maySpeak(member, moment)) speak(member);
    }
    for (let looked = 0; budget >= 1 && looked < count; looked += 1) {
      if (wire.waiting() >= wire.inFlight) return;
      const member = ring.next();
      if (member && maySpeak(member, moment)) speak(member);
    }
  };
  return {
    pulse,
    hasNews: (member) => {
      newsworthy.add(member);
    },
  };
}

function countStatuses(members: Member[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { said } of members) counts[said.status] = (counts[said.status] ?? 0) + 1;
  return counts;
}
