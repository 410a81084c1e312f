// The segments of a label map: from what a bundle's metadata says, in the best words it has for them.
import { type ConfigObject, type ConfigValue, isConfigObject } from '../bundle.js';
import { objectAt } from '../plan-network.js';
import type { Code, Segment } from '../workflow.js';
import { findAnatomy, type Rgb } from './anatomy.js';
import { assignColors } from './palette.js';

/** A segment as far as the metadata has it. */
interface NamedSegment {
  readonly value: number;
  readonly name: string;
  readonly color?: Rgb;
  readonly terminology?: Segment['terminology'];
}

const MAX_NAME_LENGTH = 64;
const CODES = ['category', 'type', 'typeModifier', 'region', 'regionModifier'] as const;

/**
 * The segments by value. Names are taken from, in this order: `segments` of the output's format (docs/bundles.md), its
 * `channel_def`, the texts `label_classes` and `pred_classes`; failing all, they are numbered. Never throws.
 * @param largestValue the largest value that the label map can have.
 * @param output what metadata.json says of the network's output.
 */
export function readSegments(metadata: ConfigObject, output: ConfigObject, largestValue: number): readonly Segment[] {
  const named = [
    () => explicitSegments(output['segments']),
    () => channelSegments(objectAt(output, 'channel_def'), largestValue),
    () => classSegments(metadata['label_classes']),
    () => classSegments(metadata['pred_classes']),
    () => Array.from({ length: largestValue }, (_, index) => ({ value: index + 1, name: `segment ${index + 1}` })),
  ];
  for (const read of named) {
    const segments = distinct(read().filter(({ value }) => value >= 1 && value <= largestValue));
    if (segments.length > 0) return withColors(segments);
  }
  return [];
}

function withColors(segments: readonly NamedSegment[]): readonly Segment[] {
  const anatomy = segments.map(({ name }) => findAnatomy(name));
  const colors = assignColors(segments.map(({ color }, index) => color ?? anatomy[index]?.color));
  return segments.map(({ value, name, terminology }, index) => {
    const terms = terminology ?? anatomy[index]?.terminology;
    const color = colors[index] ?? { red: 128, green: 128, blue: 128 };
    return { value, name, color, ...(terms ? { terminology: terms } : {}) };
  });
}

function distinct(segments: readonly NamedSegment[]): readonly NamedSegment[] {
  const byValue = new Map<number, NamedSegment>();
  for (const segment of segments) if (!byValue.has(segment.value)) byValue.set(segment.value, segment);
  return [...byValue.values()].sort((a, b) => a.value - b.value);
}

/** `{"0": "background", "1": "liver"}`. A single channel is value 1, whatever its number. */
function channelSegments(channels: ConfigObject, largestValue: number): readonly NamedSegment[] {
  const entries = numberedNames(channels);
  const only = entries.filter(({ name }) => !isBackground(name));
  if (largestValue === 1 && only.length === 1 && only[0]?.value === 0) return [{ value: 1, name: only[0].name }];
  return entries;
}

/** `1 is brain, 0 is everything else`, `0:background,1:spleen`, or a dictionary of names by number. */
function classSegments(classes: ConfigValue | undefined): readonly NamedSegment[] {
  if (isConfigObject(classes)) return numberedNames(classes);
  if (typeof classes !== 'string') return [];
  const pattern = /(?:^|[^\d./])(\d{1,4})\s*(?:is|for|=|:)\s*([^\d\s][^,;.\n]{0,80})/gi;
  return [...classes.slice(0, 20_000).matchAll(pattern)].flatMap(([, value = '', name = '']) => named(value, name));
}

function numberedNames(names: ConfigObject): readonly NamedSegment[] {
  return Object.entries(names).flatMap(([value, name]) => (typeof name === 'string' ? named(value, name) : []));
}

function named(value: string, name: string): NamedSegment[] {
  const clean = cleanName(name);
  return /^\d{1,9}$/.test(value) && clean !== '' ? [{ value: Number(value), name: clean }] : [];
}

function explicitSegments(segments: ConfigValue | undefined): readonly NamedSegment[] {
  if (!Array.isArray(segments)) return [];
  return (segments as readonly ConfigValue[]).flatMap((segment) => {
    if (!isConfigObject(segment) || typeof segment['name'] !== 'string') return [];
    const value = segment['value'];
    const name = cleanName(segment['name']);
    if (typeof value !== 'number' || !Number.isInteger(value) || name === '') return [];
    const color = readColor(segment['color']);
    const terminology = readTerminology(segment['terminology']);
    return [{ value, name, ...(color ? { color } : {}), ...(terminology ? { terminology } : {}) }];
  });
}

/** `[250, 250, 225]` or `"#fafae1"`. */
function readColor(color: ConfigValue | undefined): Rgb | undefined {
  if (typeof color === 'string') {
    const parts = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i
      .exec(color)
      ?.slice(1)
      .map((part) => Number.parseInt(part, 16));
    return parts ? [parts[0] ?? 0, parts[1] ?? 0, parts[2] ?? 0] : undefined;
  }
  if (!Array.isArray(color) || color.length !== 3) return undefined;
  const parts = (color as readonly ConfigValue[]).map((part) => (isByte(part) ? part : -1));
  return parts.every((part) => part >= 0) ? [parts[0] ?? 0, parts[1] ?? 0, parts[2] ?? 0] : undefined;
}

function isByte(value: ConfigValue): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255;
}

function readTerminology(terminology: ConfigValue | undefined): Segment['terminology'] | undefined {
  if (!isConfigObject(terminology)) return undefined;
  const codes = CODES.flatMap((name) => {
    const code = readCode(terminology[name]);
    return code ? [[name, code] as const] : [];
  });
  return codes.length > 0 ? Object.fromEntries(codes) : undefined;
}

function readCode(code: ConfigValue | undefined): Code | undefined {
  if (!isConfigObject(code)) return undefined;
  const [scheme = '', value = '', meaning = ''] = ['scheme', 'value', 'meaning'].map((name) => {
    const part = code[name];
    return typeof part === 'string' || typeof part === 'number' ? String(part).slice(0, MAX_NAME_LENGTH) : '';
  });
  return scheme !== '' && value !== '' ? { scheme, value, meaning } : undefined;
}

function isBackground(name: string): boolean {
  return /^(?:background|everything else|other|none)$/i.test(name);
}

/** One line, no `_` for spaces, not too long. */
function cleanName(name: string): string {
  const line = name.replace(/[\p{C}\s_]+/gu, ' ').trim();
  return [...line].slice(0, MAX_NAME_LENGTH).join('');
}
