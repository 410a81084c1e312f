// `--preview`: three planes through what was found, outlined, with a legend, as a PNG.
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Canvas, createCanvas, GlobalFonts, ImageData, type SKRSContext2D } from '@napi-rs/canvas';
import { writeWholeFile } from '../../../server/imaging/formats/write-file.js';
import type { Image, SegmentMeasure } from '../../typescript/index.js';
import { formatMl } from '../table.js';
import { findCentre } from './centre.js';
import { drawnColors } from './colors.js';
import { paintPanel } from './paint-panel.js';
import { describePosition, type Panel, planPanels } from './planes.js';
import { sampleIntensities, sampleLabels } from './sample-plane.js';
import { chooseWindow } from './window-level.js';

/** What stands around the planes. */
export interface PreviewCaption {
  /** Above the planes, on the left: what was run on which file. */
  readonly title?: string;
}

const PAGE = { widthPx: 1440, marginPx: 20, headPx: 44, maxPanelHeightPx: 640, gapPx: 10, legendRowPx: 26 } as const;
const MAX_LEGEND = 36;
const COLORS = { page: '#111317', panel: '#000000', text: '#e9ebee', faint: '#98a0aa', letters: '#f2c14e' } as const;
const FONT = 'Voxhost Preview';
const FONTS = `"${FONT}", "DejaVu Sans", "Segoe UI", "Helvetica Neue", sans-serif`;

/** Draws a label map over its image and writes the PNG. The two may have different geometries. */
export async function writePreview(
  file: string,
  image: Image,
  labels: Image,
  segments: readonly SegmentMeasure[],
  caption: PreviewCaption = {},
): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const png = await drawPreview(image, labels, segments, caption).encode('png');
  await writeWholeFile(file, [{ pieces: [png] }]);
}

/** Where everything of a preview lies: what its panels show can be told from it. Pure. */
export function planPreview(image: Image, labels: Image) {
  const inner = PAGE.widthPx - 2 * PAGE.marginPx;
  const room = {
    widthPx: inner,
    maxHeightPx: PAGE.maxPanelHeightPx,
    gapPx: PAGE.gapPx,
    xPx: PAGE.marginPx,
    yPx: PAGE.headPx,
  };
  return planPanels(image.header, findCentre(labels), room);
}

/** Draws a preview. */
export function drawPreview(
  image: Image,
  labels: Image,
  segments: readonly SegmentMeasure[],
  caption: PreviewCaption = {},
): Canvas {
  registerFonts();
  const { panels, pxPerMm } = planPreview(image, labels);
  const panelsHeightPx = Math.max(...panels.map((panel) => panel.heightPx));
  const panelsWidthPx = panels.reduce((sum, panel) => sum + panel.widthPx, 0) + PAGE.gapPx * (panels.length - 1);
  const widthPx = Math.max(480, panelsWidthPx + 2 * PAGE.marginPx);
  const colors = drawnColors(segments.map(({ segment }) => segment));
  const legend = planLegend(segments, colors, widthPx - 2 * PAGE.marginPx);
  const legendTopPx = PAGE.headPx + panelsHeightPx + 18;
  const canvas = createCanvas(widthPx, legendTopPx + legend.rows * PAGE.legendRowPx + 10);
  const context = canvas.getContext('2d');
  context.fillStyle = COLORS.page;
  context.fillRect(0, 0, canvas.width, canvas.height);

  const window = chooseWindow(image);
  for (const panel of panels) {
    const { widthPx: width, heightPx: height } = panel;
    const rgba = paintPanel(panel, sampleIntensities(image, panel), sampleLabels(labels, panel), window, colors);
    context.putImageData(new ImageData(rgba, width, height), panel.xPx, panel.yPx);
    drawLetters(context, panel);
    drawScale(context, panel, pxPerMm);
  }
  drawHead(context, panels, caption);
  drawLegend(context, legend, legendTopPx);
  return canvas;
}

/** The package brings its own small font: a server may have none, and then there would be no text. */
function registerFonts(): void {
  if (GlobalFonts.has(FONT)) return;
  for (const weight of [400, 600]) {
    GlobalFonts.registerFromPath(fileURLToPath(new URL(`fonts/inter-latin-${weight}.woff2`, import.meta.url)), FONT);
  }
}

function drawHead(context: SKRSContext2D, panels: readonly Panel[], { title }: PreviewCaption): void {
  context.textBaseline = 'alphabetic';
  context.textAlign = 'left';
  for (const panel of panels) {
    context.font = `600 15px ${FONTS}`;
    context.fillStyle = COLORS.text;
    context.fillText(panel.view.name, panel.xPx, PAGE.headPx - 14);
    const offset = context.measureText(panel.view.name).width + 8;
    context.font = `400 13px ${FONTS}`;
    context.fillStyle = COLORS.faint;
    context.fillText(describePosition(panel), panel.xPx + offset, PAGE.headPx - 14);
  }
  const last = panels.at(-1)!;
  if (!title) return;
  context.textAlign = 'right';
  context.fillText(title, last.xPx + last.widthPx, PAGE.headPx - 14, last.widthPx - 140);
}

function drawLetters(context: SKRSContext2D, { view, xPx, yPx, widthPx, heightPx }: Panel): void {
  const inset = 12;
  context.font = `600 15px ${FONTS}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const put = (letter: string, x: number, y: number) => drawHaloed(context, letter, x, y, COLORS.letters);
  put(view.letters.left, xPx + inset, yPx + heightPx / 2);
  put(view.letters.right, xPx + widthPx - inset, yPx + heightPx / 2);
  put(view.letters.top, xPx + widthPx / 2, yPx + inset + 2);
  put(view.letters.bottom, xPx + widthPx / 2, yPx + heightPx - inset);
}

/** A bar of a round number of millimetres, about a quarter of the panel. */
function drawScale(context: SKRSContext2D, { xPx, yPx, widthPx, heightPx }: Panel, pxPerMm: number): void {
  const lengthMm = [200, 100, 50, 20, 10, 5, 2, 1].find((mm) => mm * pxPerMm <= widthPx / 3.5) ?? 1;
  const lengthPx = Math.round(lengthMm * pxPerMm);
  const [x, y] = [xPx + 12, yPx + heightPx - 14];
  context.fillStyle = COLORS.text;
  context.fillRect(x, y, lengthPx, 2);
  context.fillRect(x, y - 3, 2, 8);
  context.fillRect(x + lengthPx - 2, y - 3, 2, 8);
  context.font = `400 12px ${FONTS}`;
  context.textAlign = 'left';
  context.textBaseline = 'alphabetic';
  drawHaloed(context, `${lengthMm} mm`, x, y - 8, COLORS.text);
}

function drawHaloed(context: SKRSContext2D, text: string, x: number, y: number, color: string): void {
  context.lineJoin = 'round';
  context.lineWidth = 3;
  context.strokeStyle = 'rgba(0, 0, 0, 0.75)';
  context.strokeText(text, x, y);
  context.fillStyle = color;
  context.fillText(text, x, y);
}

interface LegendEntry {
  readonly name: string;
  readonly volume: string;
  readonly color: string;
  readonly xPx: number;
  readonly row: number;
}

/** Segments in rows, columns as wide as the widest; those that were found first, at most `MAX_LEGEND` of them. */
function planLegend(
  segments: readonly SegmentMeasure[],
  colors: ReturnType<typeof drawnColors>,
  widthPx: number,
): { entries: LegendEntry[]; rows: number; more: number } {
  const context = createCanvas(1, 1).getContext('2d');
  const shown = [...segments].sort((a, b) => Number(b.voxelCount > 0) - Number(a.voxelCount > 0)).slice(0, MAX_LEGEND);
  const texts = shown.map(({ segment, voxelCount, volumeMl }) => {
    const { red, green, blue } = colors.get(segment.value) ?? segment.color;
    const volume = voxelCount > 0 ? formatMl(volumeMl) : 'not found';
    return { name: segment.name, volume, color: `rgb(${red}, ${green}, ${blue})` };
  });
  context.font = `600 14px ${FONTS}`;
  const cellPx = Math.max(
    180,
    ...texts.map(({ name, volume }) => context.measureText(`${name}  ${volume}`).width + 56),
  );
  const columns = Math.max(1, Math.floor(widthPx / cellPx));
  const entries = texts.map((text, index) => ({
    ...text,
    xPx: PAGE.marginPx + (index % columns) * cellPx,
    row: Math.floor(index / columns),
  }));
  const more = segments.length - shown.length;
  return { entries, rows: Math.max(1, Math.ceil(texts.length / columns)) + (more > 0 ? 1 : 0), more };
}

function drawLegend(
  context: SKRSContext2D,
  { entries, rows, more }: ReturnType<typeof planLegend>,
  topPx: number,
): void {
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  for (const { name, volume, color, xPx, row } of entries) {
    const y = topPx + row * PAGE.legendRowPx + PAGE.legendRowPx / 2 - 4;
    context.fillStyle = color;
    context.fillRect(xPx, y - 7, 14, 14);
    context.font = `600 14px ${FONTS}`;
    context.fillStyle = COLORS.text;
    context.fillText(name, xPx + 22, y);
    const offset = context.measureText(name).width + 32;
    context.font = `400 14px ${FONTS}`;
    context.fillStyle = COLORS.faint;
    context.fillText(volume, xPx + offset, y);
  }
  context.font = `400 13px ${FONTS}`;
  context.fillStyle = COLORS.faint;
  const y = topPx + (rows - 1) * PAGE.legendRowPx + PAGE.legendRowPx / 2 - 4;
  if (entries.length === 0) context.fillText('No segment was found.', PAGE.marginPx, y);
  else if (more > 0) context.fillText(`and ${more} more`, PAGE.marginPx, y);
}
