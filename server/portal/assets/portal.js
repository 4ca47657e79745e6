// The pages work without it: it brings the copy buttons, where the browser has a clipboard to offer.
for (const button of 'clipboard' in navigator ? document.querySelectorAll('[data-copy]') : []) {
  const word = button.firstChild;
  let timer;
  button.hidden = false;
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      return; // It can still be selected and copied by hand.
    }
    word.data = 'Copied';
    clearTimeout(timer);
    timer = setTimeout(() => (word.data = 'Copy'), 2000);
  });
}
