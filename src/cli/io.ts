/** Where a command writes and what it finds around it. */
export type Io = {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
};

/** A command of the command line. Answers the exit status: 0 it holds, 1 it does not hold, 2 it could not run. */
export type Command = (args: readonly string[], io: Io) => Promise<number>;
