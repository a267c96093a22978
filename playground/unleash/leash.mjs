// Preloaded into the server's process: it ends with whoever started it. The other end of standard input is
// held by that process and closed by the system when it dies, however it dies.
process.stdin.on('error', () => process.exit(1));
process.stdin.on('close', () => process.exit(1));
process.stdin.resume();
process.stdin.unref();
