// Ends the processes of a run when the run itself is gone, whatever ended it: its standard input is then at its end.
// Lines `+<pid>` and `-<pid>` tell it which ones there are.

const left = new Set();
let text = '';

process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk) => {
  text += chunk;
  const lines = text.split('\n');
  text = lines.pop();
  for (const line of lines) {
    if (line.startsWith('+')) left.add(Number(line.slice(1)));
    else left.delete(Number(line.slice(1)));
  }
});
process.stdin.on('end', () => {
  for (const pid of left) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // it has ended by itself
    }
  }
});
