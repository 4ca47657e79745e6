import { SvelteSet } from 'svelte/reactivity';
import { findTouched, reconcile } from '../drafts.ts';

type Values = Record<string, string | boolean>;

/** Something as somebody is typing it. What others save meanwhile changes nothing here but what was not touched. */
export class Draft<V extends Values> {
  typed: V = $state({} as V);
  /** What the typing began with, or what others have saved since. */
  base: V = $state.raw({} as V);
  revision: number;
  /** Somebody else saved something while this was typed. */
  overtaken = $state(false);
  /** What was typed and is now another on the server, too. */
  readonly contended = new SvelteSet<keyof V>();

  constructor(values: V, revision: number) {
    this.base = values;
    this.typed = { ...values };
    this.revision = revision;
  }

  get names(): (keyof V)[] {
    return Object.keys(this.base);
  }

  /** What is another than what the typing began with. */
  get touched(): (keyof V)[] {
    return findTouched(this.base, this.typed);
  }

  /** Puts what is saved in place of what is typed. */
  take(name: keyof V): void {
    this.typed[name] = this.base[name];
    this.contended.delete(name);
  }

  /** It is another than the typing began with: what was not touched follows it, what was typed stays. */
  rebase(present: V, revision: number): void {
    const { follow, contended } = reconcile(this.base, this.typed, present);
    this.base = present;
    this.revision = revision;
    for (const name of follow) this.typed[name] = present[name];
    for (const name of contended) this.contended.add(name);
    for (const name of this.names) {
      if (this.typed[name] === present[name]) this.contended.delete(name);
    }
  }

  /** Begins again, after it was saved. */
  settle(present: V, revision: number): void {
    this.base = present;
    this.typed = { ...present };
    this.revision = revision;
    this.overtaken = false;
    this.contended.clear();
  }
}
