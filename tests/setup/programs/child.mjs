/** Says that it is ready and stays; `--die` ends it soon after, `--mute` keeps it from saying so, `--beat` beats, `--say=TEXT` says it. */
const args = process.argv.slice(2);
const said = args.find((arg) => arg.startsWith('--say='));
if (said) process.stdout.write(`${said.slice('--say='.length)}\n`);
if (!args.includes('--mute')) process.stdout.write('ready {}\n');
if (args.includes('--die')) setTimeout(() => process.exit(7), 20);
if (args.includes('--beat')) setInterval(() => process.send?.('beat'), 50);
setInterval(() => undefined, 1_000);
