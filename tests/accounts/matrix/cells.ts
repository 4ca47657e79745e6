import type { Db } from '#db/client.ts';
import { actors } from '../actors.ts';

export interface Cell {
  /** Where the pattern of the route is no address: one that means something. */
  path?: string | ((db: Db) => Promise<string>);
  body?: (db: Db) => object;
  /** The expected statuses, in the order of `actors`. */
  expected: string;
}
/** A route, as the application writes it, and what each actor gets. */
export type Entry = [route: string, cell: Cell];

export const everybody = '200 200 200 200 200 200 200 200';
export const reading = '401 200 200 200 200 200 401 401';
export const persons = (code: number) => `401 ${code} ${code} ${code} 403 403 401 401`;
export const managing = (code: number) => `401 403 ${code} ${code} 403 ${code} 401 401`;
export const licenses = (own: number, other = own) => `401 401 401 401 401 401 ${own} ${other}`;
export const all = (code: number) => actors.map(() => code).join(' ');
