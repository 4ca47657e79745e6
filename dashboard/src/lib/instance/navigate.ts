import { goto } from '$app/navigation';
import { resolve } from '$app/paths';
import { linkInstance } from '../instance-words.ts';
import { type ActivityFilter, replaceFilter } from './activity-filter.ts';

type Params = Iterable<[name: string, value: string]>;

/** What is looked at on an instance's page stands in its address; the page stays where it is scrolled to. */
export class Navigator {
  readonly #instance: Parameters<typeof linkInstance>[0];
  readonly #params: () => Params;

  /** `params`: what stands in the address now. */
  constructor(instance: Parameters<typeof linkInstance>[0], params: () => Params) {
    this.#instance = instance;
    this.#params = params;
  }

  /** Another part of the activity: the event that was chosen in the one before is forgotten. */
  filter(filter: ActivityFilter) {
    return this.#go(replaceFilter(this.#without('event'), filter));
  }

  event(id: number) {
    return this.set('event', String(id));
  }

  /** The same part of the activity, and none of its events. */
  newest() {
    return this.#go(this.#without('event'));
  }

  set(name: 'event' | 'range' | 'metrics', value: string) {
    return this.#go([...this.#without(name), [name, value]]);
  }

  #without = (name: string) => [...this.#params()].filter(([other]) => other !== name);

  #go(params: [name: string, value: string][]) {
    const query = new URLSearchParams(params).toString();
    const link = linkInstance(this.#instance);
    return goto(resolve(query === '' ? link : `${link}?${query}`), { replace: true, reset: false });
  }
}
