/** How a thing is coloured; a glyph and a word say the same. */
export type Tone = 'good' | 'bad' | 'warn' | 'quiet';
