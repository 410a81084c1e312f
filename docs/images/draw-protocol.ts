// Draws the pictures of docs/protocol.md: geometry, the order of bytes, the calls, the states of a run.
//   node --import=tsx docs/images/draw-protocol.ts
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

type Point = readonly [x: number, y: number];
type Point3 = readonly [x: number, y: number, z: number];

const INK = '#1f2933';
const GREY = '#7b8794';
const PALE = '#e4e7eb';
const [RED, GREEN, BLUE] = ['#c0392b', '#1e8449', '#1f5fa8'] as const;
const FONT = 'font-family="Helvetica, Arial, DejaVu Sans, sans-serif"';

/** The pictures, by the names of their files. */
export const PICTURES: Readonly<Record<string, () => string>> = {
  'protocol-geometry.svg': drawGeometry,
  'protocol-bytes.svg': drawBytes,
  'protocol-calls.svg': drawCalls,
  'protocol-run-states.svg': drawRunStates,
};

/** The head MRI of the examples: where its grid lies in the world, and the matrix that says so. */
function drawGeometry(): string {
  const sizes: Point3 = [181, 217, 181];
  // The world is seen from the front, a little from the left and above: L to the right, P away, S up.
  const at = ([x, y, z]: Point3): Point => [235 + 1.15 * (x + 0.42 * y), 235 - 1.15 * (z + 0.3 * y)];
  const world = ([i, j, k]: Point3): Point3 => [90 - i, 126 - j, -72 + k];
  const corner = (a: number, b: number, c: number): Point =>
    at(world([a * sizes[0] - 0.5, b * sizes[1] - 0.5, c * sizes[2] - 0.5]));
  const edges: string[] = [];
  for (const [a, b] of [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ] as const) {
    for (const ends of [
      [corner(0, a, b), corner(1, a, b), [a, b].join()],
      [corner(a, 0, b), corner(a, 1, b), [a, b].join()],
      [corner(a, b, 0), corner(a, b, 1), [a, b].join()],
    ] as const) {
      edges.push(line(ends[0], ends[1], GREY, 1.2));
    }
  }
  const first = at(world([0, 0, 0]));
  const step = (along: Point3): Point => at(world(along));
  const arrows = [
    arrow(first, step([70, 0, 0]), RED, 'i', [4, -8]),
    arrow(first, step([0, 90, 0]), GREEN, 'j', [-16, 4]),
    arrow(first, step([0, 0, 70]), BLUE, 'k', [9, 6]),
  ];
  const origin = at([0, 0, 0]);
  const axes = [
    arrow(origin, at([58, 0, 0]), INK, 'x: left (L)', [6, 5]),
    arrow(origin, at([0, 80, 0]), INK, 'y: back (P)', [8, 2]),
    arrow(origin, at([0, 0, 58]), INK, 'z: head (S)', [-34, -8]),
  ];
  const rows = [
    ['−1', '0', '0', '90'],
    ['0', '−1', '0', '126'],
    ['0', '0', '1', '−72'],
  ];
  const colours = [RED, GREEN, BLUE, INK];
  const cells = rows.flatMap((row, r) =>
    row.map((value, c) => text([560 + 56 * c, 128 + 34 * r], value, { colour: colours[c]!, size: 20, anchor: 'end' })),
  );
  return picture('A grid of voxels in the world, and the matrix that says where it lies', 860, 400, [
    text([24, 34], 'A grid in the world', { size: 17, bold: true }),
    text([24, 56], '181 × 217 × 181 voxels of 1 mm, seen from the patient’s front', { colour: GREY }),
    ...edges,
    ...axes,
    dot(origin, INK),
    text([origin[0] - 8, origin[1] + 18], '(0, 0, 0) mm', { size: 12, anchor: 'end' }),
    ...arrows,
    dot(first, RED),
    text([first[0] + 8, first[1] + 20], 'centre of', { size: 12 }),
    text([first[0] + 8, first[1] + 36], 'voxel (0, 0, 0)', { size: 12 }),
    text([500, 34], 'index_to_world_lps', { size: 17, bold: true }),
    text([500, 56], '12 numbers, row by row, in millimetres', { colour: GREY }),
    path('M 512 100 h -10 v 116 h 10', INK),
    path('M 734 100 h 10 v 116 h -10', INK),
    ...cells,
    text([560, 90], 'i', { colour: RED, anchor: 'end', bold: true }),
    text([616, 90], 'j', { colour: GREEN, anchor: 'end', bold: true }),
    text([672, 90], 'k', { colour: BLUE, anchor: 'end', bold: true }),
    text([500, 250], 'One step along i goes 1 mm to the right,', { colour: RED }),
    text([500, 272], 'one along j 1 mm to the front,', { colour: GREEN }),
    text([500, 294], 'one along k 1 mm to the head.', { colour: BLUE }),
    text([500, 316], 'The last column is the centre of voxel (0, 0, 0).', {}),
    text([500, 352], 'world = matrix · (i, j, k, 1)', { size: 15, bold: true }),
    text([500, 376], 'voxel (90, 126, 72) lies at (0, 0, 0) mm', { colour: GREY }),
  ]);
}

/** How voxels lie in `data`: i fastest, then j, k and t; a voxel's components side by side. */
function drawBytes(): string {
  const cell = 34;
  const grid = (x: number, y: number, k: number): string[] =>
    [0, 1].flatMap((j) =>
      [0, 1, 2].map((i) => {
        const number = i + 3 * (j + 2 * k);
        return box([x + cell * i, y + cell * j], cell, cell, k === 0 ? '#fdecea' : '#e8f0fa', String(number));
      }),
    );
  const strip = Array.from({ length: 12 }, (_, at) =>
    box(
      [40 + 58 * at, 206],
      58,
      40,
      at < 6 ? '#fdecea' : '#e8f0fa',
      `${at % 3},${Math.floor(at / 3) % 2},${Math.floor(at / 6)}`,
    ),
  );
  const rgb = Array.from({ length: 12 }, (_, at) =>
    box([40 + 58 * at, 338], 58, 40, ['#fadbd8', '#d5f0de', '#d6e6f7'][at % 3]!, 'RGB'[at % 3]!),
  );
  const names = Array.from({ length: 4 }, (_, at) =>
    text([40 + 174 * at + 87, 398], `voxel (${at % 3}, ${Math.floor(at / 3)}, 0)`, {
      anchor: 'middle',
      size: 12,
      colour: GREY,
    }),
  );
  return picture('The order of voxels and components in the stream', 860, 430, [
    text([40, 34], 'sizes = [3, 2, 2], one component', { size: 17, bold: true }),
    ...grid(80, 62, 0),
    ...grid(290, 62, 1),
    text([80, 150], 'k = 0', { size: 13, colour: GREY }),
    text([290, 150], 'k = 1', { size: 13, colour: GREY }),
    arrow([80, 54], [150, 54], RED, 'i', [6, 5]),
    arrow([70, 64], [70, 124], GREEN, 'j', [-14, 4]),
    text([430, 88], 'component number =', { size: 15 }),
    text([430, 112], 'c + components · (i + ni · (j + nj · (k + nk · t)))', { size: 15, bold: true }),
    text([40, 192], 'in the stream: i, j, k of each voxel', { size: 13, colour: GREY }),
    ...strip,
    text([40, 300], 'sizes = [3, 2, 2], three components (RGB)', { size: 17, bold: true }),
    text([40, 324], 'a voxel’s components lie side by side', { size: 13, colour: GREY }),
    ...rgb,
    ...names,
    text([742, 398], '…', { size: 16 }),
  ]);
}

/** The calls of a run, in order, between an app and the host. */
function drawCalls(): string {
  const [app, host] = [180, 660];
  const calls: readonly (readonly [y: number, direction: 'to' | 'from' | 'note', label: string, more?: string])[] = [
    [92, 'to', 'GetHostInfo', 'revisions, limits, encodings'],
    [136, 'to', 'GetWorkflow', 'inputs, outputs, parameters'],
    [180, 'to', 'FindMissingVolumes', 'is the image here already?'],
    [228, 'to', 'WriteVolume', 'header · chunk · chunk · … · finish'],
    [262, 'from', 'Volume', 'its name'],
    [306, 'to', 'CreateRun', 'workflow, inputs, parameters, request_id'],
    [340, 'from', 'Run', 'its name, QUEUED'],
    [384, 'to', 'WatchRun', 'after_sequence'],
    [414, 'from', 'queued · started · progress · … · output_ready · succeeded'],
    [458, 'to', 'ReadVolume', 'the output’s volume'],
    [488, 'from', 'volume · chunk · chunk · …'],
  ];
  return picture('The calls of a run in order', 840, 530, [
    box([app - 60, 20], 120, 36, '#e8f0fa', 'app'),
    box([host - 60, 20], 120, 36, '#fdecea', 'host'),
    line([app, 56], [app, 512], GREY, 1.2),
    line([host, 56], [host, 512], GREY, 1.2),
    ...calls.flatMap(([y, direction, label, more]) => {
      const middle = (app + host) / 2;
      const shown = more
        ? `<tspan font-weight="bold">${escapeXml(label)}</tspan><tspan fill="${GREY}">  ${escapeXml(more)}</tspan>`
        : escapeXml(label);
      const words = rawText([middle, y - 7], shown, { anchor: 'middle', size: 14 });
      return direction === 'to'
        ? [arrow([app + 2, y], [host - 4, y], BLUE), words]
        : [arrow([host - 2, y], [app + 4, y], RED, '', [0, 0], true), words];
    }),
    text([app - 20, 250], 'breaks? QueryWrite,', { anchor: 'end', size: 12, colour: GREY }),
    text([app - 20, 266], 'then go on from there', { anchor: 'end', size: 12, colour: GREY }),
    text([app - 20, 326], 'breaks? the same', { anchor: 'end', size: 12, colour: GREY }),
    text([app - 20, 342], 'request_id again', { anchor: 'end', size: 12, colour: GREY }),
    text([app - 20, 402], 'breaks? WatchRun again', { anchor: 'end', size: 12, colour: GREY }),
    text([app - 20, 418], 'after the last sequence', { anchor: 'end', size: 12, colour: GREY }),
    text([app - 20, 476], 'breaks? ReadVolume', { anchor: 'end', size: 12, colour: GREY }),
    text([app - 20, 492], 'from offset_bytes', { anchor: 'end', size: 12, colour: GREY }),
  ]);
}

/** The states of a run, and the events that tell of each change. */
function drawRunStates(): string {
  const state = (x: number, y: number, name: string, fill: string): string => box([x, y], 150, 48, fill, name, 8);
  return picture('The states of a run and the events between them', 860, 340, [
    arrow([14, 174], [106, 174], INK),
    text([58, 164], 'CreateRun', { size: 13, bold: true, anchor: 'middle' }),
    state(110, 150, 'QUEUED', '#fff6db'),
    state(380, 150, 'RUNNING', '#e8f0fa'),
    state(690, 50, 'CANCELLED', PALE),
    state(690, 150, 'SUCCEEDED', '#e3f4e8'),
    state(690, 250, 'FAILED', '#fdecea'),
    path('M 140 200 C 130 236 190 236 182 202', INK, true),
    text([120, 246], 'queued: place, wait', { size: 13 }),
    arrow([262, 174], [376, 174], INK),
    text([318, 164], 'started', { anchor: 'middle', size: 13 }),
    path('M 420 200 C 410 240 500 240 490 202', INK, true),
    text([455, 250], 'progress, output_ready', { anchor: 'middle', size: 13 }),
    arrow([532, 160], [686, 86], INK),
    text([598, 114], 'cancelled', { anchor: 'end', size: 13 }),
    arrow([532, 174], [686, 174], INK),
    text([600, 168], 'succeeded', { anchor: 'start', size: 13 }),
    arrow([532, 188], [686, 262], INK),
    text([600, 214], 'failed', { anchor: 'start', size: 13 }),
    path('M 185 148 C 200 50 480 34 686 66', GREY, true),
    text([330, 34], 'cancelled before it began', { anchor: 'middle', size: 13, colour: GREY }),
    path('M 225 200 C 260 310 520 330 686 284', GREY, true),
    text([330, 318], 'failed: its workflow cannot run', { anchor: 'middle', size: 13, colour: GREY }),
  ]);
}

interface Style {
  readonly colour?: string;
  readonly size?: number;
  readonly bold?: boolean;
  readonly anchor?: 'start' | 'middle' | 'end';
}

function picture(title: string, width: number, height: number, parts: readonly string[]): string {
  const heads = [INK, GREY, RED, GREEN, BLUE].map(
    (colour) =>
      `<marker id="${markerOf(colour)}" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M 0 0 L 10 5 L 0 10 z" fill="${colour}"/></marker>`,
  );
  const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ${FONT}>`;
  return `${[open, `<title>${escapeXml(title)}</title>`, `<defs>${heads.join('')}</defs>`, `<rect width="${width}" height="${height}" fill="#ffffff"/>`, ...parts].join('\n')}\n</svg>\n`;
}

function text(at: Point, words: string, style: Style): string {
  return rawText(at, escapeXml(words), style);
}

function rawText(
  [x, y]: Point,
  words: string,
  { colour = INK, size = 14, bold = false, anchor = 'start' }: Style,
): string {
  const weight = bold ? ' font-weight="bold"' : '';
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" fill="${colour}" text-anchor="${anchor}"${weight} xml:space="preserve">${words}</text>`;
}

function line([x1, y1]: Point, [x2, y2]: Point, colour: string, width: number): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${colour}" stroke-width="${width}"/>`;
}

function arrow(from: Point, to: Point, colour: string, label = '', offset: Point = [0, 0], dashed = false): string {
  const dash = dashed ? ' stroke-dasharray="6 4"' : '';
  const shaft = `<line x1="${round(from[0])}" y1="${round(from[1])}" x2="${round(to[0])}" y2="${round(to[1])}" stroke="${colour}" stroke-width="2"${dash} marker-end="url(#${markerOf(colour)})"/>`;
  if (label === '') return shaft;
  return shaft + text([to[0] + offset[0], to[1] + offset[1]], label, { colour, bold: true });
}

function path(data: string, colour: string, arrowHead = false): string {
  const end = arrowHead ? ` marker-end="url(#${markerOf(colour)})"` : '';
  return `<path d="${data}" fill="none" stroke="${colour}" stroke-width="2"${end}/>`;
}

function dot([x, y]: Point, colour: string): string {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="4.5" fill="${colour}"/>`;
}

function box([x, y]: Point, width: number, height: number, fill: string, label: string, radius = 0): string {
  const shape = `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill}" stroke="${INK}"/>`;
  return shape + text([x + width / 2, y + height / 2 + 5], label, { anchor: 'middle' });
}

function markerOf(colour: string): string {
  return `head-${colour.slice(1)}`;
}

function escapeXml(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, draw] of Object.entries(PICTURES)) writeFileSync(new URL(name, import.meta.url), draw());
}
