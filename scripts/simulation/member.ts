import { createClient } from './clients.ts';
import { type InstanceScript, type Said, second } from './model.ts';
import type { Client } from './sdk-client.ts';
import type { Reply, Wire } from './wire.ts';

/** One living instance: what it would say, and whether it may speak just now. */
export interface Member {
  readonly script: InstanceScript;
  said: Said;
  /** Something is going on that ends by itself; nothing else happens to it meanwhile. */
  troubled: boolean;
  /** Until then it says nothing, whatever happens. */
  silentUntil: number;
  /** Until then the server asked it to wait. */
  waitUntil: number;
  busy: boolean;
  spokeAt: number;
  /** What it has to tell as soon as it may speak. */
  news: 'start' | 'status' | 'metrics' | null;
  speak(now: number): Promise<Reply>;
}

/** A client sends its reports one at a time, at least this far apart. */
const spacing = 1 * second;
/** Every so many regular reports it looks for a newer release instead, which is a check-in too. */
const reportsPerUpdateCheck = 12;

export function createMember(
  script: InstanceScript,
  said: Said,
  wire: Wire,
  nextWithin: number | null,
): Member {
  const client = createClient(script, wire, nextWithin);
  let reports = 0;
  const member: Member = {
    script,
    said,
    troubled: false,
    silentUntil: 0,
    waitUntil: 0,
    busy: false,
    spokeAt: 0,
    news: 'start',
    async speak(now) {
      const { news } = member;
      member.busy = true;
      member.news = null;
      member.spokeAt = now;
      reports += 1;
      const reply = await tell(client, news, reports, member.said);
      member.busy = false;
      heed(member, news, reply);
      return reply;
    },
  };
  return member;
}

function tell(client: Client, news: Member['news'], reports: number, said: Said): Promise<Reply> {
  if (news === 'start') return client.start(said);
  if (news === 'metrics') return client.sendMetrics(said);
  if (news === null && reports % reportsPerUpdateCheck === 0) return client.checkForUpdates(said);
  return client.report(said);
}

/** Waits as long as the server asks, or a moment when it does not answer; the news is then told again. */
function heed(member: Member, news: Member['news'], reply: Reply): void {
  const later = reply.status === 429 || reply.status === 503 || reply.status === 0;
  if (!later) return;
  member.waitUntil = Date.now() + (reply.retryAfter ?? 5) * second;
  member.news = news === 'start' ? 'start' : (member.news ?? news);
}

export function maySpeak(member: Member, now: number): boolean {
  return (
    !member.busy &&
    now >= member.silentUntil &&
    now >= member.waitUntil &&
    now - member.spokeAt >= spacing
  );
}
