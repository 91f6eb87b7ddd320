// Values that stand where a secret could stand and are none: placeholders, variables, words, paths.

const words = new Set(
  (
    'null nil none true false undefined required optional redacted hidden masked unset empty missing present ' +
    'expired invalid valid revoked unknown default yes no on off set ok n/a na bearer basic token password ' +
    'string secret enabled disabled changeme? accepted rejected failed error success found not is was'
  ).split(' '),
);
const placeholder =
  /^(?:<[^>]*>|\[[^\]]*\]|\{\{.*|\$\{?[A-Za-z_].*|\$\(.*|%[A-Za-z_(].*|\*{3,}|x{3,}|X{3,}|\.{3,}|-+|_+)$/;
const folder =
  /^(?:~|\.{1,2})?\/(?:var|etc|run|home|usr|opt|tmp|root|mnt|app|srv|secrets|data|dev|proc|Users)?\/?[\w.@-]*(?:\/[\w.@-]*)*$/;
const knownRoot =
  /^(?:~\/|\.{1,2}\/|\/(?:var|etc|run|home|usr|opt|tmp|root|mnt|app|srv|secrets|data|dev|proc|Users)(?:\/|$))/;

/** True of what is plainly no secret, wherever it stands. */
export function isHarmless(value: string): boolean {
  const bare = value.replace(/^\\?["']|\\?["']$/g, '').replace(/[.,;:!?)]+$/, '');
  // What was cut already.
  if (bare.startsWith('[cut')) return true;
  if (bare === '' || words.has(bare.toLowerCase())) return true;
  if (placeholder.test(bare)) return true;
  return knownRoot.test(bare) && folder.test(bare);
}
