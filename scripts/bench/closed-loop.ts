import { connect } from 'node:net';
import { readAnswer } from './sender.ts';

/**
 * Sends for so many seconds, over one connection for each list of requests, each request as soon as the one before is
 * answered: as little work for each as possible, since whoever sends shares the processors with the server.
 * @param lists ready requests, sent in turn
 * @returns answers, all of them 200. @throws Error on any other
 */
export async function sendInTurns(
  url: string,
  lists: Buffer[][],
  seconds: number,
): Promise<number> {
  const end = performance.now() + seconds * 1000;
  const answers = await Promise.all(lists.map((requests) => sendOver(url, requests, end)));
  return answers.reduce((sum, one) => sum + one, 0);
}

function sendOver(url: string, requests: Buffer[], end: number): Promise<number> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let sent = 0;
    let received = '';
    const next = () => socket.write(requests[sent++ % requests.length]!);
    const socket = connect({
      host: hostname,
      port: Number(port),
      noDelay: true,
      onread: {
        buffer: Buffer.allocUnsafe(16 * 1024),
        callback(size, buffer) {
          received += Buffer.from(buffer.buffer, buffer.byteOffset, size).toString('latin1');
          const answer = readAnswer(received);
          if (answer === null) return true;
          received = '';
          if (answer.status !== 200) {
            socket.destroy(new Error(`Not all were answered 200: one was ${answer.status}.`));
          } else if (performance.now() < end) {
            next();
          } else {
            socket.destroy();
            resolve(sent);
          }
          return true;
        },
      },
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('The server closed a connection.')));
    next();
  });
}
