// How a stream is called while it grows, so that whoever comes after a crash knows whose bytes these are.

export interface StreamName {
  readonly run: string;
  readonly part: number;
  readonly stream: 'stdout' | 'stderr';
}

/** `<run>.<part>.<stream>` */
export function printStreamName({ run, part, stream }: StreamName): string {
  const safe = run.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 80);
  return `${safe}.${part}.${stream}`;
}

/** Undefined for another file of the folder. */
export function streamNameOf(file: string): StreamName | undefined {
  const match = /^(.+)\.(\d+)\.(stdout|stderr)$/.exec(file);
  return match
    ? { run: match[1]!, part: Number(match[2]), stream: match[3] as StreamName['stream'] }
    : undefined;
}
