import { setTimeout as sleep } from 'node:timers/promises';
import type { AppStatus } from '#contract/status.ts';
import { toBytes } from '../../tests/support/clients.ts';
import { startBackground } from './background.ts';
import { type Figure, quantile } from './figures.ts';
import { checkIn, numberOf } from './fleet.ts';
import { openSender, type Sender } from './sender.ts';
import type { Stage } from './stage.ts';
import { openViewer, type Viewer } from './viewer.ts';

const probes = 100;
/** Of the hundred instances that are watched: the others report with the rest of the fleet. */
const probed = 20;
/** Between two probes, on average: longer than the server gathers changes for one message. */
const pause = 120;

/** From the sending of a report that changes a status to the message that reaches a socket which watches the instance. */
export async function measureLive(stage: Stage): Promise<Figure[]> {
  const viewer = await openViewer(stage, 50);
  const sender = openSender(stage.url, 4);
  const figures: Figure[] = [];
  try {
    const rows = [...viewer.rows().values()].slice(0, probed);
    const ids = rows.map(({ instanceId }) => instanceId);
    await probe(viewer, sender, stage, probed);
    for (const perSecond of [10, 200]) {
      const background = startBackground(stage, perSecond, ids);
      const took = await probe(viewer, sender, stage, probes);
      await background.stop();
      const name = `POST → socket, ${perSecond}/s beside it`;
      figures.push(
        { name: `${name}, p50`, value: quantile(took, 0.5), unit: 'ms' },
        { name: `${name}, p99`, value: quantile(took, 0.99), unit: 'ms', target: { most: 50 } },
      );
    }
  } finally {
    sender.close();
    viewer.close();
  }
  return figures;
}

async function probe(viewer: Viewer, sender: Sender, stage: Stage, count: number) {
  const rows = [...viewer.rows().values()].slice(0, probed);
  const took: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const { id, instanceId } = rows[n % rows.length]!;
    const before = viewer.rows().get(id)!.status;
    const status: AppStatus = before === 'unavailable' ? 'missing' : 'unavailable';
    const heard = new Promise<number>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('No message came within 10 s.')), 10_000);
      viewer.onChange(() => {
        if (viewer.rows().get(id)?.status !== status) return;
        clearTimeout(late);
        resolve(performance.now());
      });
    });
    const bytes = toBytes(checkIn(numberOf(instanceId), status), stage.host);
    const start = performance.now();
    const [at, answer] = await Promise.all([heard, sender.send(bytes)]);
    if (answer.status !== 200) throw new Error(`The report was answered ${answer.status}.`);
    took.push(at - start);
    await sleep(pause * (0.75 + Math.random() / 2));
  }
  return took;
}
