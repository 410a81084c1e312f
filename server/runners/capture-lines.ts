// What a process prints, line by line: into the host's log, and the last lines kept to explain its end.
import type { Readable } from 'node:stream';

/** Lines of one stream that are kept. */
const KEPT_LINES = 20;
/** Characters of a line that are kept; the rest of it is dropped. */
const MAX_LINE_CHARACTERS = 1_000;
/** Lines a second that go on to the log; a model that prints without end must not fill the disk. */
const MAX_LINES_PER_SECOND = 50;

export interface CapturedLines {
  /** The last lines, the oldest first. */
  tail(): readonly string[];
}

/** Reads a stream to its end, whatever comes, and never holds more than a few lines of it. */
export function captureLines(stream: Readable, onLine: (line: string) => void): CapturedLines {
  const kept: string[] = [];
  let unfinished = '';
  let second = 0;
  let linesThisSecond = 0;
  let leftOut = 0;

  const pass = (line: string): void => {
    const now = Math.floor(Date.now() / 1000);
    if (now !== second) {
      if (leftOut > 0) onLine(`(${leftOut} lines left out)`);
      [second, linesThisSecond, leftOut] = [now, 0, 0];
    }
    linesThisSecond += 1;
    if (linesThisSecond > MAX_LINES_PER_SECOND) leftOut += 1;
    else onLine(line);
  };
  const take = (line: string): void => {
    if (line.trim() === '') return;
    kept.push(line);
    if (kept.length > KEPT_LINES) kept.shift();
    pass(line);
  };

  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (unfinished + text).split(/\r?\n/);
    unfinished = (lines.pop() ?? '').slice(0, MAX_LINE_CHARACTERS);
    for (const line of lines) take(line.slice(0, MAX_LINE_CHARACTERS));
  });
  stream.on('end', () => {
    take(unfinished);
    if (leftOut > 0) onLine(`(${leftOut} lines left out)`);
  });
  stream.on('error', () => {});
  return { tail: () => (unfinished.trim() === '' ? [...kept] : [...kept, unfinished]) };
}
