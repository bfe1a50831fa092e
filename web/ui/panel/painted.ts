/** A page behind others is not painted: then nothing waits longer than this, in ms. */
const patienceMs = 300;

/**
 * Does something once the picture that came with the page is on the screen. It moves by
 * itself there, so the page's own script can wait for it, and would only hold it up.
 */
export function afterPicture(act: () => Promise<void>): void {
  let begun = false;
  const once = (): void => {
    if (begun) return;
    begun = true;
    void act();
  };
  setTimeout(once, patienceMs);
  requestAnimationFrame(() => setTimeout(once));
}
