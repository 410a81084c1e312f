// Previews by their pixels: where the outline is, how long a millimetre is, which side is which.
import { createCanvas, loadImage } from '@napi-rs/canvas';
import test from 'ava';
import { drawPreview, planPreview } from '../../../clients/cli/preview/write-preview.js';
import type { Image, SegmentMeasure, VolumeHeader } from '../../../clients/typescript/index.js';

type Rgb = readonly [number, number, number];

const RED: Rgb = [255, 0, 0];
const measure = (value: number, [red, green, blue]: Rgb): SegmentMeasure => ({
  segment: { value, name: `Segment ${value}`, color: { red, green, blue } },
  voxelCount: 1,
  volumeMl: 1,
});

interface Box {
  readonly value: number;
  /** First voxel and the one behind the last, along i, j, k. */
  readonly from: readonly [number, number, number];
  readonly to: readonly [number, number, number];
}

/** An image of `intensity(i, j, k)` and its label map of boxes, on one grid. */
function scene(
  header: Partial<VolumeHeader>,
  boxes: readonly Box[],
  intensity = (_i: number, _j: number, _k: number) => 100,
) {
  const full: VolumeHeader = {
    sizes: [40, 30, 20],
    componentType: 'uint8',
    components: 1,
    indexToWorldLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
    modality: '',
    ...header,
  };
  const [ni, nj, nk] = full.sizes as [number, number, number];
  const image = new Uint8Array(ni * nj * nk);
  const labels = new Uint8Array(ni * nj * nk);
  for (let k = 0; k < nk; k += 1) {
    for (let j = 0; j < nj; j += 1) {
      for (let i = 0; i < ni; i += 1) {
        const voxel = i + ni * (j + nj * k);
        image[voxel] = intensity(i, j, k);
        for (const { value, from, to } of boxes) {
          const inside = [i, j, k].every((at, axis) => at >= from[axis]! && at < to[axis]!);
          if (inside) labels[voxel] = value;
        }
      }
    }
  }
  return { image: { header: full, voxels: image }, labels: { header: full, voxels: labels } };
}

/** Draws, encodes to PNG, decodes again, and gives pixels by panel. */
async function draw(image: Image, labels: Image, segments: readonly SegmentMeasure[]) {
  const png = await drawPreview(image, labels, segments, { title: 'a title' }).encode('png');
  const decoded = await loadImage(png);
  const canvas = createCanvas(decoded.width, decoded.height);
  const context = canvas.getContext('2d');
  context.drawImage(decoded, 0, 0);
  const { panels, pxPerMm } = planPreview(image, labels);
  const read = panels.map((panel) => {
    const { data } = context.getImageData(panel.xPx, panel.yPx, panel.widthPx, panel.heightPx);
    const at = (x: number, y: number): Rgb => {
      const p = 4 * (y * panel.widthPx + x);
      return [data[p]!, data[p + 1]!, data[p + 2]!];
    };
    return {
      ...panel,
      at,
      isColor: (x: number, y: number, color: Rgb) => at(x, y).every((part, n) => part === color[n]),
    };
  });
  return { panels: read, pxPerMm, widthPx: decoded.width, heightPx: decoded.height, context };
}

/** The box around all pixels of one colour in a panel. */
function boundsOf(panel: Awaited<ReturnType<typeof draw>>['panels'][number], color: Rgb) {
  const xs: number[] = [];
  const ys: number[] = [];
  for (let y = 0; y < panel.heightPx; y += 1) {
    for (let x = 0; x < panel.widthPx; x += 1) {
      if (!panel.isColor(x, y, color)) continue;
      xs.push(x);
      ys.push(y);
    }
  }
  const min = (values: number[]) => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const max = (values: number[]) => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return { left: min(xs), right: max(xs), top: min(ys), bottom: max(ys), count: xs.length };
}

const box: Box = { value: 1, from: [10, 8, 6], to: [25, 20, 14] };

test("the outline lies on the segment's border, two pixels wide, and nowhere else", async (t) => {
  const { image, labels } = scene({}, [box]);
  const { panels, pxPerMm } = await draw(image, labels, [measure(1, RED)]);
  const axial = panels[0]!;
  const bounds = boundsOf(axial, RED);
  // Voxels 10…24 along i fill 9.5…24.5 mm; the picture begins half a voxel before the first centre, at -0.5 mm.
  const edge = (mm: number) => (mm + 0.5) * pxPerMm;
  t.true(Math.abs(bounds.left - edge(9.5)) <= 1, `${bounds.left} ${edge(9.5)}`);
  t.true(Math.abs(bounds.right + 1 - edge(24.5)) <= 1);
  const middle = (axial.heightPx - 30 * pxPerMm) / 2;
  t.true(Math.abs(bounds.top - middle - edge(7.5)) <= 1.5);
  t.true(Math.abs(bounds.bottom + 1 - middle - edge(19.5)) <= 1.5);

  for (let y = 0; y < axial.heightPx; y += 1) {
    for (let x = 0; x < axial.widthPx; x += 1) {
      if (!axial.isColor(x, y, RED)) continue;
      const across = Math.min(x - bounds.left, bounds.right - x);
      const down = Math.min(y - bounds.top, bounds.bottom - y);
      // Corners are rounded within a voxel: there the greatest share of the eight voxels around is outside.
      if (across < pxPerMm && down < pxPerMm) continue;
      const depth = Math.min(across, down);
      t.true(depth >= 0 && depth <= 1, `(${x}, ${y}) is ${depth} pixels inside`);
    }
  }
  const sides = 2 * (bounds.right - bounds.left + 1 + (bounds.bottom - bounds.top + 1));
  t.true(Math.abs(bounds.count / (2 * sides) - 1) < 0.05, `${bounds.count} pixels, ${sides} around`);
});

test('inside, the image shows through a tint; outside it is grey as it was', async (t) => {
  const { image, labels } = scene({}, [box], (i) => (i < 20 ? 50 : 150));
  const { panels, pxPerMm } = await draw(image, labels, [measure(1, RED)]);
  const axial = panels[0]!;
  const y = Math.round(axial.heightPx / 2);
  const pixel = (mm: number) => axial.at(Math.round((mm + 0.5) * pxPerMm), y);
  for (const mm of [14, 22]) {
    const [red, green, blue] = pixel(mm);
    t.true(red > green && green === blue, `${red} ${green} ${blue}`);
  }
  t.true(pixel(22)[1] > pixel(14)[1], 'bright stays brighter than dark');
  for (const mm of [5, 30]) t.is(new Set(pixel(mm)).size, 1);
});

test('voxels of 1×1×5 mm are drawn five times as long as wide', async (t) => {
  const header = { sizes: [40, 40, 8], indexToWorldLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 5, 0] };
  const { image, labels } = scene(header, [{ value: 1, from: [10, 10, 2], to: [20, 20, 6] }]);
  const { panels } = await draw(image, labels, [measure(1, RED)]);
  const coronal = boundsOf(panels[1]!, RED);
  const ratio = (coronal.bottom - coronal.top + 1) / (coronal.right - coronal.left + 1);
  t.true(Math.abs(ratio - (4 * 5) / 10) < 0.02, `${ratio}`);
});

test("the patient's right is on the left, front and head are up, whatever way the voxels are stored", async (t) => {
  // One bright spot at the patient's left (+x), front (-y), head (+z), stored in four different ways.
  const ways = [
    [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
    [-1, 0, 0, 29, 0, -1, 0, 29, 0, 0, -1, 29],
    [0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0],
    [0, 0, -1, 29, 1, 0, 0, 0, 0, -1, 0, 29],
  ];
  for (const indexToWorldLps of ways) {
    const m = indexToWorldLps;
    const lps = (i: number, j: number, k: number) =>
      [0, 1, 2].map((row) => m[row * 4]! * i + m[row * 4 + 1]! * j + m[row * 4 + 2]! * k + m[row * 4 + 3]!);
    const isSpot = (i: number, j: number, k: number) => {
      const [x, y, z] = lps(i, j, k) as [number, number, number];
      return x > 20 && y < 9 && z > 20;
    };
    const { image, labels } = scene({ sizes: [30, 30, 30], indexToWorldLps }, []);
    const voxels = new Uint8Array(27_000);
    for (let n = 0; n < voxels.length; n += 1) {
      if (isSpot(n % 30, Math.floor(n / 30) % 30, Math.floor(n / 900))) voxels[n] = 1;
    }
    const { panels } = await draw(image, { ...labels, voxels }, [measure(1, RED)]);
    const places = panels.map((panel) => {
      const { left, right, top, bottom } = boundsOf(panel, RED);
      return [left + right > panel.widthPx ? 'right' : 'left', top + bottom > panel.heightPx ? 'low' : 'high'];
    });
    t.deepEqual(places, [
      ['right', 'high'],
      ['right', 'high'],
      ['left', 'high'],
    ]);
  }
});

test('an oblique image is shown straight: a plane at a constant height in the patient is level in the picture', async (t) => {
  const [c, s] = [Math.cos(0.4), Math.sin(0.4)];
  const indexToWorldLps = [1, 0, 0, 0, 0, c, -s, 0, 0, s, c, 0];
  const height = (j: number, k: number) => s * j + c * k;
  const { image, labels } = scene({ sizes: [30, 40, 40], indexToWorldLps }, []);
  const voxels = new Uint8Array(48_000);
  for (let n = 0; n < voxels.length; n += 1) {
    const [j, k] = [Math.floor(n / 30) % 40, Math.floor(n / 1200)];
    if (height(j, k) > 20 && height(j, k) < 32) voxels[n] = 1;
  }
  const { panels } = await draw(image, { ...labels, voxels }, [measure(1, RED)]);
  const sagittal = panels[2]!;
  const tops: number[] = [];
  for (let x = Math.round(sagittal.widthPx * 0.4); x < sagittal.widthPx * 0.6; x += 1) {
    for (let y = 0; y < sagittal.heightPx; y += 1) {
      if (!sagittal.isColor(x, y, RED)) continue;
      tops.push(y);
      break;
    }
  }
  t.true(tops.length > 50);
  const spread = tops.reduce((a, b) => Math.max(a, b)) - tops.reduce((a, b) => Math.min(a, b));
  t.true(spread <= planPreview(image, { ...labels, voxels }).pxPerMm * 1.5, `${spread} pixels`);
});

test('two segments side by side are outlined each in its own colour', async (t) => {
  const blue: Rgb = [0, 0, 255];
  const { image, labels } = scene({}, [box, { value: 7, from: [25, 8, 6], to: [35, 20, 14] }]);
  const { panels } = await draw(image, labels, [measure(1, RED), measure(7, blue)]);
  const [first, second] = [boundsOf(panels[0]!, RED), boundsOf(panels[0]!, blue)];
  t.is(second.left, first.right + 1);
});

test('planes go through what was found, and where its middle is empty, through most of it', (t) => {
  const one = scene({}, [box]);
  const positions = ({ image, labels }: ReturnType<typeof scene>) =>
    planPreview(image, labels).panels.map(({ view, positionMm }) => [view.name, positionMm]);
  t.deepEqual(positions(one), [
    ['Axial', 9.5],
    ['Coronal', 13.5],
    ['Sagittal', 17],
  ]);
  const kidneys = scene({}, [
    { value: 1, from: [2, 8, 6], to: [8, 20, 14] },
    { value: 1, from: [30, 8, 6], to: [36, 20, 14] },
  ]);
  const sagittal = positions(kidneys)[2]![1] as number;
  t.true((sagittal >= 2 && sagittal < 8) || (sagittal >= 30 && sagittal < 36), `${sagittal}`);
});

test('a flat image has one plane, and an empty label map has a legend that says so', async (t) => {
  const flat = scene({ sizes: [50, 40, 1] }, []);
  const { panels } = await draw(flat.image, flat.labels, []);
  t.deepEqual(
    panels.map(({ view }) => view.name),
    ['Axial'],
  );
});

test('text is drawn even where the system has no font: orientation letters leave their colour', async (t) => {
  const { image, labels } = scene({}, [box]);
  const { panels } = await draw(image, labels, [measure(1, RED)]);
  const letters: Rgb = [0xf2, 0xc1, 0x4e];
  for (const panel of panels) {
    const middle = Math.round(panel.heightPx / 2);
    const near = (x0: number, x1: number) => {
      let count = 0;
      for (let x = x0; x < x1; x += 1)
        for (let y = middle - 10; y < middle + 10; y += 1) if (panel.isColor(x, y, letters)) count += 1;
      return count;
    };
    t.true(near(0, 30) > 5 && near(panel.widthPx - 30, panel.widthPx) > 5, panel.view.name);
  }
});

test('CT is drawn in the soft-tissue window: -160 HU is black and 240 HU is white', async (t) => {
  const { image, labels } = scene({ modality: 'CT', componentType: 'int16', sizes: [40, 30, 4] }, []);
  const hu = Int16Array.from({ length: 4800 }, (_, n) => (n % 40 < 13 ? -160 : n % 40 < 27 ? 40 : 240));
  const ct: Image = { header: image.header, voxels: new Uint8Array(hu.buffer) };
  const empty: Image = { header: { ...labels.header, componentType: 'uint8' }, voxels: new Uint8Array(4800) };
  const { panels } = await draw(ct, empty, []);
  const axial = panels[0]!;
  const y = Math.round(axial.heightPx / 3);
  const grey = (share: number) => axial.at(Math.round(axial.widthPx * share), y)[0];
  t.deepEqual([grey(0.15), grey(0.85)], [0, 255]);
  t.true(Math.abs(grey(0.42) - 127) <= 2);
});

test('a segment whose own colour is nearly grey is drawn in a strong one, the same in picture and legend', async (t) => {
  const pale: Rgb = [250, 250, 225];
  const { image, labels } = scene({}, [box]);
  const { panels, context, widthPx, heightPx } = await draw(image, labels, [measure(1, pale)]);
  const strong: Rgb = [86, 200, 255];
  t.is(boundsOf(panels[0]!, pale).count, 0);
  t.true(boundsOf(panels[0]!, strong).count > 100);
  const legend = context.getImageData(0, heightPx - 40, widthPx, 40).data;
  let swatch = 0;
  for (let p = 0; p < legend.length; p += 4) if (strong.every((part, n) => legend[p + n] === part)) swatch += 1;
  t.true(swatch >= 14 * 14, `${swatch}`);
});
