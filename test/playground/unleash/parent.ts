import { startUnleash } from '../../../playground/unleash/server.ts';

// A process that starts the server and is killed: started by the test beside this file.
const unleash = await startUnleash({ databaseUrl: process.argv[2] ?? '' });
process.stdout.write(`${unleash.pid()} ${unleash.url}\n`);
setInterval(() => undefined, 1000);
