/**
 * Makes the conversations of practice.yaml: each line a file of G.711 mu-law, `practice/<language>/<number>-<who>.ulaw`. The pauses, and the silence of
 * whoever listens, are put between when they are played (packages/engine/src/practice.ts).
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import { sox, Studio } from './speech.mjs';

const here = dirname(fileURLToPath(import.meta.url));

/** There is one Japanese voice; lower, with a longer throat and a little slower it is somebody else. */
const SPEAKERS = {
  ja: {
    agent: (studio, text) => studio.japanese(text, ['-r', '1.1']),
    caller: (studio, text) => studio.japanese(text, ['-r', '1.05', '-fm', '-9', '-a', '0.58']),
  },
  en: {
    agent: (studio, text) => studio.english(text, 'slt'),
    caller: (studio, text) => studio.english(text, 'rms'),
  },
};

/** The lower voice has higher peaks for the same loudness, so that all of it is a little softer than the guidance, dBFS. */
const LOUDNESS = -22;

export function makePractice() {
  const studio = new Studio(LOUDNESS);
  const conversations = parse(readFileSync(join(here, 'practice.yaml'), 'utf8'));
  for (const [language, lines] of Object.entries(conversations)) {
    const folder = join(here, 'practice', language);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    lines.forEach((line, index) => {
      const [who] = Object.keys(line);
      const plain = join(studio.folder, 'line.wav');
      writeFileSync(plain, SPEAKERS[language][who](studio, line[who]));
      sox(['-D', plain, '-t', 'ul', join(folder, `${String(index + 1).padStart(2, '0')}-${who}.ulaw`)]);
    });
    console.log(`practice ${language}`);
  }
  studio.close();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) makePractice();
