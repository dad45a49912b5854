// DynamoDB for a run: dynalite on disk, in a process of its own. It loses some of its replies after the write, as a network
// does; at SIGTERM it loses all that are under way and ends. What was written is there when it comes back.
//
//   node store.mjs <port> <folder> <seed>
import { createServer } from 'node:http';
import dynalite from 'dynalite';
import { createRandom } from './random.mjs';

const [port, folder, seed] = process.argv.slice(2);
const LOST_REPLIES = 0.002;

const random = createRandom(seed);
const [answer] = dynalite({ path: folder, createTableMs: 0 }).listeners('request');
let faults = false;
let ending = false;
let working = 0;

const server = createServer((request, response) => {
  if (ending) return request.socket.destroy();
  working++;
  const lost = faults && random.chance(LOST_REPLIES);
  const end = response.end.bind(response);
  // dynalite calls it when the work is done.
  response.end = (...reply) => {
    working--;
    if (lost || ending) request.socket.destroy();
    else end(...reply);
    endWhenIdle();
    return response;
  };
  answer(request, response);
});

function endWhenIdle() {
  if (ending && working === 0) process.exit(0);
}

process.on('message', (message) => {
  faults = message.faults;
});
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => {
  ending = true;
  setTimeout(() => process.exit(0), 2_000).unref(); // a request whose body never came
  endWhenIdle();
});
server.keepAliveTimeout = 60_000;
server.listen(Number(port), '127.0.0.1', () => console.log('listening'));
