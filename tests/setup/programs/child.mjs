/** Says that it is ready and stays; `--die` ends it soon after, `--mute` keeps it from saying so. */
const args = process.argv.slice(2);
if (!args.includes('--mute')) process.stdout.write('ready {}\n');
if (args.includes('--die')) setTimeout(() => process.exit(7), 20);
setInterval(() => undefined, 1_000);
