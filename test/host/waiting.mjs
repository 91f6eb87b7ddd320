// Owns how the driver waits: every wait has its limit, and what was waited for stands in its message.

/** How long a slow machine may take for one step. */
export const slowMs = 90_000;

/** @param {string} text */
export function oneLine(text) {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/**
 * A window that is still starting loses keys: what opens something by one is tried again.
 * @param {string} what
 * @param {() => Promise<void>} attempt
 */
export async function retry(what, attempt, times = 6) {
  for (let left = times - 1; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0)
        throw new Error(`No success with ${what}: ${/** @type {Error} */ (error).message}`, { cause: error });
    }
  }
}

/**
 * Reads again and again until the text is there; else throws with what was there at the end.
 * @param {string} what
 * @param {number} timeoutMs
 * @param {() => Promise<string>} read
 * @param {string | RegExp} text
 */
export async function until(what, timeoutMs, read, text) {
  const end = Date.now() + timeoutMs;
  let last = '';
  while (Date.now() < end) {
    last = await read();
    if (typeof text === 'string' ? last.includes(text) : text.test(last)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Waited ${timeoutMs} ms for ${what}; there was:\n${last.slice(-2000)}`);
}
