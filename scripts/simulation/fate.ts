import { chooseIncident, fail, fallSilent, type Incident, recover, useIt } from './incidents.ts';
import type { Member } from './member.ts';
import { type Said, second } from './model.ts';
import type { Random } from './random.ts';
import type { Timers } from './timers.ts';

/** Decides what happens to whom. It changes what members would say; when they say it is not its business. */
export interface Fate {
  undergo(member: Member, incident: Incident): void;
  /** Carries on what the history left open. */
  resume(member: Member): void;
  /** Begins an incident somewhere, unless enough is going on. */
  afflict(): void;
  /** Somebody uses the software: metrics move. */
  use(): void;
}

/** No incident begins while more than this share of the fleet is not ready. */
const mostTroubled = 0.13;

export function createFate(
  members: Member[],
  timers: Timers,
  random: Random,
  hasNews: (member: Member) => void,
): Fate {
  const undergo = (member: Member, incident: Incident): void => {
    const { steps, silent = 0 } = incident;
    member.troubled = true;
    member.silentUntil = Date.now() + silent;
    for (const { after, patch, news } of steps) {
      timers.later(after, () => {
        member.said = { ...member.said, ...patch, ...unmonitored(member) };
        if (member.news !== 'start') member.news = news;
        hasNews(member);
      });
    }
    timers.later(Math.max(silent, steps.at(-1)?.after ?? 0), () => {
      member.troubled = false;
      if (member.script.mood === 'stuck') undergo(member, fail(random));
    });
  };

  const resume = (member: Member): void => {
    const { mood } = member.script;
    if (mood === 'stuck') undergo(member, fail(random));
    // It must have spoken before its silence can be noticed.
    else if (mood === 'sleeper')
      timers.later(15 * second, () => undergo(member, fallSilent(random)));
    else if (member.said.status === 'updating') undergo(member, recover(random, 40, 80));
    else if (member.said.status !== 'ready') undergo(member, recover(random, 150, 420));
  };

  const afflict = (): void => {
    const bad = members.filter(({ troubled, said }) => troubled || said.status !== 'ready').length;
    if (bad > members.length * mostTroubled + 1) return;
    const victim = chooseVictim(members, random);
    if (victim) undergo(victim, chooseIncident(victim, random));
  };

  const use = (): void => {
    const member = random.pick(members);
    if (!member.troubled) undergo(member, useIt(member, random));
  };
  return { undergo, resume, afflict, use };
}

/** Without status informers nothing is ever known to be wrong. */
function unmonitored({ script: { mood } }: Member): Partial<Said> {
  return mood === 'unmonitored' ? { status: 'ready', culprit: null } : {};
}

/** Mostly those to whom things keep happening, so that most bars stay clean. */
function chooseVictim(members: Member[], random: Random): Member | null {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const member = random.pick(members);
    if (member.troubled || member.news === 'start') continue;
    if (isProne(member) || random.chance(0.12)) return member;
  }
  return null;
}

function isProne({ script: { mood, instanceId } }: Member): boolean {
  return (
    mood === 'bumpy' || mood === 'flapping' || mood === 'sleeper' || /[0-3a]$/i.test(instanceId)
  );
}
