/** Ctrl-C: the first one ends the demo cleanly and says so in one line, the next one ends it at once. */

export interface ShutdownPorts {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  write(text: string): unknown;
  exit(code: number): void;
  /** Monotonic. */
  nowMs(): number;
}

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** npm passes on to its child the Ctrl-C that the terminal has already sent it: one key press, two signals. */
const ECHO_MS = 500;

export function endOnSignal(close: () => Promise<void>, ports: ShutdownPorts): void {
  let begunMs: number | undefined;
  const onSignal = () => {
    if (begunMs !== undefined) {
      if (ports.nowMs() - begunMs > ECHO_MS) ports.exit(1);
      return;
    }
    begunMs = ports.nowMs();
    ports.write('\nStopping when the requests in progress are done; Ctrl-C again stops at once.\n');
    close().then(
      () => ports.exit(0),
      () => ports.exit(1),
    );
  };
  for (const signal of SIGNALS) ports.on(signal, onSignal);
}
