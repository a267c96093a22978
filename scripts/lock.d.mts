export declare function withLock<Result>(
  lock: string,
  say: (line: string) => void,
  work: () => Promise<Result>,
): Promise<Result>;
