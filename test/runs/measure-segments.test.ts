// Segments in voxels and millilitres.
import test from 'ava';
import { measureSegments } from '../../server/runs/measure-segments.js';
import { SMALL_HEADER } from '../fixtures/scripted-bundle.js';

const segment = (value: number, name: string) => ({ value, name, color: { red: 1, green: 2, blue: 3 } });
const output = { name: 'pred', kind: 'label-map', segments: [segment(1, 'brain'), segment(2, 'tumor')] } as const;

test('millilitres are voxels times the volume that the geometry gives, whatever its axes', (t) => {
  // 2 × 3 × 0.5 mm, turned by 30° about z and mirrored: 3 mm³ a voxel.
  const [c, s] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
  const indexToWorldLps = [2 * c, -3 * s, 0, 7, 2 * s, 3 * c, 0, 8, 0, 0, -0.5, 9];
  const measured = measureSegments(output, { ...SMALL_HEADER, indexToWorldLps }, { 0: 10, 1: 2000 });
  t.is(measured[0]!.voxelCount, 2000);
  t.true(Math.abs(measured[0]!.volumeMl - 6) < 1e-12);
});

test('a segment that was not found has none, and a value that is no segment is left out', (t) => {
  const measured = measureSegments(output, SMALL_HEADER, { 0: 1, 1: 5, 7: 99 });
  t.deepEqual(
    measured.map((one) => [one.segment.name, one.voxelCount]),
    [
      ['brain', 5],
      ['tumor', 0],
    ],
  );
});

test('what is no label map has no segments', (t) => {
  t.deepEqual(measureSegments(output, SMALL_HEADER, undefined), []);
  t.deepEqual(measureSegments(undefined, SMALL_HEADER, { 1: 5 }), []);
});
