// Kubernetes quantities (`500m`, `1Gi`, `2`) as numbers, and back.

const units: Record<string, number> = {
  n: 1e-9, u: 1e-6, m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18,
  Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60,
}; // biome-ignore format: a table

const form = /^([+-]?\d*\.?\d+(?:[eE][+-]?\d+)?)(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/;

/** The number a quantity stands for; undefined for what is none. */
export function parseQuantity(quantity: string | number | undefined): number | undefined {
  const match = form.exec(String(quantity ?? '').trim());
  return match ? Number(match[1]) * units[match[2] ?? '']! : undefined;
}

/** Cores as millicores: 0.25 → `250m`. */
export function formatCpu(cores: number): string {
  return `${Math.max(1, Math.round(cores * 1000))}m`;
}

/** Bytes as kibibytes, as the metrics API gives them. */
export function formatMemory(bytes: number): string {
  return `${Math.round(bytes / 1024)}Ki`;
}
