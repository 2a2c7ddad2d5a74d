/** Completion of the command line, as a script for a shell: what the commands take, written out. Pure. */
import type { Command } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** A place on the command line, and what may stand there. */
interface Place {
  /** The commands that lead to it, none at the beginning: `resolve split`. */
  readonly path: readonly string[];
  readonly words: readonly { readonly word: string; readonly summary: string }[];
  /** Options behind which one of a few values stands. */
  readonly chosen: readonly Chosen[];
}

interface Chosen {
  /** As it is written: `--status`, or its short form. */
  readonly flags: readonly string[];
  readonly values: readonly string[];
  /** It may stand alone as well. */
  readonly isOptional: boolean;
}

/**
 * The script that a shell sources.
 * @param program with all of its commands
 */
export function completionScript(program: Command, shell: Shell): string {
  const places = placesOf(program, []);
  if (shell === 'fish') return fishScript(places);
  const script = bashScript(places);
  return shell === 'bash' ? script : `${ZSH_START}\n${script}`;
}

/** What zsh needs to take bash's completions; its own are not loaded where nobody's .zshrc does. */
const ZSH_START = [
  '(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i; }',
  'autoload -Uz +X bashcompinit && bashcompinit',
].join('\n');

function placesOf(command: Command, path: readonly string[]): Place[] {
  const commands = command.commands.map((each) => ({
    word: each.name(),
    summary: each.description(),
  }));
  const options = command.options
    .filter(({ long, hidden }) => long && !hidden)
    .map(({ long, description }) => ({ word: long!, summary: description }));
  const [first] = command.registeredArguments;
  const values = (first?.argChoices ?? []).map((word) => ({ word, summary: first!.description }));
  const words = [...commands, ...values, ...options, { word: '--help', summary: 'display help' }];
  return [
    { path, words, chosen: chosenOf(command) },
    ...command.commands.flatMap((each) => placesOf(each, [...path, each.name()])),
  ];
}

function chosenOf({ options }: Command): Chosen[] {
  return options
    .filter(({ argChoices, hidden }) => argChoices !== undefined && !hidden)
    .map(({ long, short, argChoices, optional }) => ({
      flags: [long, short].filter((flag) => typeof flag === 'string'),
      ...{ values: argChoices!, isOptional: optional },
    }));
}

/** The longest path that the line begins with decides; a file's name may stand wherever nothing fits. */
function bashScript(places: readonly Place[]): string {
  const wordsOf = ({ words }: Place) => words.map(({ word }) => word).join(' ');
  const [top, ...others] = places;
  const cases = [...others]
    .sort((one, other) => other.path.length - one.path.length)
    .flatMap((place) => {
      const path = place.path.join(' ');
      const values = place.chosen.map(({ flags, values: all, isOptional }) => {
        const forms = flags.map((flag) => `"${path} "*"${flag} "`).join('|');
        const words = [...all, ...(isOptional ? [wordsOf(place)] : [])].join(' ');
        return `    ${forms}) words="${words}" ;;`;
      });
      return [...values, `    "${path} "*) words="${wordsOf(place)}" ;;`];
    });
  return [
    '_ballast() {',
    '  local line words',
    '  line="${COMP_WORDS[*]:1:$((COMP_CWORD-1))} "',
    '  case "$line" in',
    ...cases,
    `    " ") words="${wordsOf(top!)}" ;;`,
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))',
    '}',
    'complete -o default -F _ballast ballast',
    '',
  ].join('\n');
}

/** As for bash: the longest path decides. The place is asked for once for all that may stand there. */
function fishScript(places: readonly Place[]): string {
  const [top, ...others] = places;
  const cases = [...others]
    .sort((one, other) => other.path.length - one.path.length)
    .map(({ path }) => `        case '${path.join(' ')} *'; echo '${path.join(' ')}'`);
  const lines = [top!, ...others].flatMap(({ path, words, chosen }) =>
    words.map(({ word, summary }) => {
      const { values, isOptional } = chosen.find(({ flags }) => flags.includes(word)) ?? {};
      // Without -x what stands behind it may be left out.
      const choices = values ? ` ${isOptional ? '-f' : '-x'} -a '${values.join(' ')}'` : '';
      const what = word.startsWith('--') ? `-l ${word.slice(2)}${choices}` : `-f -a ${word}`;
      return `complete -c ballast -n '__ballast_at ${path.join(' ') || '-'}' ${what} -d ${quoted(summary)}`;
    }),
  );
  return [
    'function __ballast_place',
    '    set -l line (commandline -opc)[2..-1]',
    '    switch "$line "',
    ...cases,
    "        case ' '; echo -",
    "        case '*'; echo none",
    '    end',
    'end',
    'function __ballast_at',
    '    test "$argv" = (__ballast_place)',
    'end',
    ...lines,
    '',
  ].join('\n');
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, (character) => `\\${character}`)}'`;
}
