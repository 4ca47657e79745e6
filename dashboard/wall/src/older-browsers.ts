// What this bundle calls and Chromium 87 does not have. tests/dashboard/wall-bundle.test.ts reads the bundle for more.

function define(target: object, name: string, value: unknown): void {
  if (name in target) return;
  Object.defineProperty(target, name, { value, writable: true, configurable: true });
}

function at(this: ArrayLike<unknown>, index: number): unknown {
  const whole = Math.trunc(index) || 0;
  return this[whole < 0 ? this.length + whole : whole];
}
for (const kind of [Array.prototype, String.prototype]) define(kind, 'at', at);

define(Object, 'hasOwn', (object: object, key: PropertyKey) =>
  Object.prototype.hasOwnProperty.call(object, key),
);

function findLast<T>(this: T[], is: (item: T, index: number, all: T[]) => boolean): T | undefined {
  for (let index = this.length - 1; index >= 0; index--)
    if (is(this[index] as T, index, this)) return this[index];
  return undefined;
}
define(Array.prototype, 'findLast', findLast);

define(AbortSignal, 'timeout', (after: number) => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), after);
  return controller.signal;
});

define(AbortSignal, 'any', (signals: AbortSignal[]) => {
  const controller = new AbortController();
  const abort = () => {
    controller.abort();
    for (const signal of signals) signal.removeEventListener('abort', abort);
  };
  for (const signal of signals) {
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort);
  }
  return controller.signal;
});
