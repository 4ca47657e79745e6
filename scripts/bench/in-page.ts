/**
 * What runs inside the page, as text: put there before the page's own scripts, where its content policy has no say.
 * Times are milliseconds since the epoch, by the machine's one clock, taken when the frame has been drawn.
 */
export const inPage = `
  const now = () => performance.timeOrigin + performance.now();
  const drawn = () => new Promise((resolve) =>
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => resolve(now());
      channel.port2.postMessage(null);
    }));
  const links = () => document.querySelectorAll('[role="row"] a[href*="/instances/"]');
  const until = (isThere) => new Promise((resolve) => {
    const look = () => {
      if (!isThere()) return false;
      observer.disconnect();
      drawn().then(resolve);
      return true;
    };
    const observer = new MutationObserver(look);
    if (!look()) observer.observe(document, {
      subtree: true, childList: true, characterData: true, attributes: true,
    });
  });

  globalThis.bench = {
    /** Instance ids of the first rows. */
    shown: () => [...links()].slice(0, 8)
      .map((link) => decodeURIComponent(link.pathname.split('/').at(-1))),
    /** When rows were first shown, since the navigation began. */
    firstRows: until(() => links().length > 0).then((at) => at - performance.timeOrigin),
    /** When the instance's row showed the word. */
    painted: (instanceId, word) => until(() => {
      const link = [...links()].find((one) => one.pathname.endsWith('/' + instanceId));
      return link?.closest('[role="row"]').textContent.includes(word) ?? false;
    }),
  };
`;
