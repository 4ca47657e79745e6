import type { Post } from './post.ts';
import type { Kind, Room } from './room.ts';

/** Tells the room what is pending of a kind that needs not be read first. */
export function tellPlain(
  post: Post,
  room: Room,
  kind: Exclude<Kind, 'changed' | 'customers'>,
): void {
  const { pending } = room;
  if (kind === 'stale') post.send(room, 'scope:stale', {});
  if (kind === 'moved') post.send(room, 'fleet:moved', {});
  if (kind === 'left') post.send(room, 'instances:left', { ids: [...pending.left] });
  if (kind === 'seen') post.send(room, 'instances:seen', { seen: [...pending.seen] });
  if (kind === 'events')
    post.send(room, 'events:recorded', { events: [...pending.events.values()] });
  if (kind === 'stale' || kind === 'moved') pending[kind] = false;
  else pending[kind].clear();
  room.sentAt[kind] = performance.now();
}
