// The anatomy that segments are often called after: its code in SNOMED CT and the colour that 3D Slicer shows it in.
import type { Code, Segment } from '../workflow.js';

/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

interface Term {
  readonly meaning: string;
  readonly code: string;
  /** The recommended colour of 3D Slicer's General Anatomy list, or of the tissue; absent when it has none. */
  readonly color?: Rgb;
  /** There is a left and a right one, told apart by a modifier. */
  readonly paired?: true;
  readonly aliases?: readonly string[];
}

interface Category {
  readonly category: Code;
  readonly terms: readonly Term[];
}

const ANATOMY: readonly Term[] = [
  { meaning: 'Brain', code: '12738006', color: [250, 250, 225] },
  { meaning: 'Cerebellum', code: '113305005' },
  { meaning: 'Brain stem', code: '119238007', aliases: ['brainstem'] },
  { meaning: 'Cerebral White Matter', code: '68523003', color: [250, 250, 225], paired: true },
  { meaning: 'White Matter', code: '389080008', color: [250, 250, 210] },
  { meaning: 'Gray Matter', code: '389081007', color: [200, 200, 235], aliases: ['grey matter'] },
  { meaning: 'Hippocampus', code: '5366008', paired: true },
  { meaning: 'Amygdala', code: '4958002', color: [98, 153, 112], paired: true },
  { meaning: 'Thalamus', code: '42695009', color: [166, 113, 137], paired: true, aliases: ['thalamus proper'] },
  { meaning: 'Putamen', code: '89278009', color: [210, 157, 166], paired: true },
  { meaning: 'Caudate nucleus', code: '11000004', color: [30, 111, 85], paired: true, aliases: ['caudate'] },
  { meaning: 'Globus pallidus', code: '14738005', color: [48, 129, 126], paired: true, aliases: ['pallidum'] },
  { meaning: 'Lateral ventricle', code: '66720007', color: [88, 106, 215], paired: true },
  { meaning: 'Third ventricle', code: '49841001', color: [88, 106, 215], aliases: ['3rd ventricle'] },
  { meaning: 'Fourth ventricle', code: '35918002', color: [88, 106, 215], aliases: ['4th ventricle'] },
  { meaning: 'Spinal cord', code: '2748008', color: [244, 214, 49] },
  { meaning: 'Skull', code: '89546000', color: [241, 213, 144] },
  { meaning: 'Mandible', code: '91609006', color: [222, 198, 101] },
  { meaning: 'Eyeball', code: '79652003', color: [194, 142, 0], paired: true, aliases: ['eye'] },
  { meaning: 'Thyroid', code: '69748006', color: [62, 162, 114], aliases: ['thyroid gland'] },
  { meaning: 'Trachea', code: '44567001', color: [182, 228, 255] },
  { meaning: 'Esophagus', code: '32849002', color: [211, 171, 143], aliases: ['oesophagus'] },
  { meaning: 'Lung', code: '39607008', color: [197, 165, 145], paired: true, aliases: ['lungs'] },
  { meaning: 'Upper lobe of lung', code: '45653009', color: [172, 138, 115], paired: true },
  {
    meaning: 'Middle lobe of right lung',
    code: '72481006',
    color: [202, 164, 140],
    aliases: ['right middle lobe lung'],
  },
  { meaning: 'Lower lobe of lung', code: '90572001', color: [224, 186, 162], paired: true },
  { meaning: 'Heart', code: '80891009', color: [206, 110, 84] },
  {
    meaning: 'Left Ventricle',
    code: '87878005',
    color: [152, 55, 13],
    aliases: ['lv pool', 'heart left ventricle', 'left ventricle of heart'],
  },
  { meaning: 'Right Ventricle', code: '53085002', color: [181, 85, 57], aliases: ['rv pool', 'heart right ventricle'] },
  { meaning: 'Left atrium', code: '82471001', color: [203, 108, 81], aliases: ['heart left atrium'] },
  { meaning: 'Right atrium', code: '73829009', color: [210, 115, 89], aliases: ['heart right atrium'] },
  { meaning: 'Aorta', code: '15825003', color: [224, 97, 76] },
  { meaning: 'Pulmonary artery', code: '81040000', color: [0, 122, 171] },
  { meaning: 'Inferior vena cava', code: '64131007', color: [0, 151, 206], aliases: ['ivc', 'postcava'] },
  { meaning: 'Portal vein', code: '32764006', color: [0, 151, 206] },
  { meaning: 'Iliac artery', code: '10293006', color: [216, 101, 79], paired: true },
  { meaning: 'Liver', code: '10200004', color: [221, 130, 101] },
  { meaning: 'Spleen', code: '78961009', color: [157, 108, 162] },
  { meaning: 'Kidney', code: '64033007', color: [185, 102, 83], paired: true, aliases: ['kidneys'] },
  { meaning: 'Adrenal gland', code: '23451007', color: [249, 186, 150], paired: true },
  { meaning: 'Pancreas', code: '15776009', color: [249, 180, 111] },
  { meaning: 'Gallbladder', code: '28231008', color: [139, 150, 98], aliases: ['gall bladder'] },
  { meaning: 'Stomach', code: '69695003', color: [216, 132, 105] },
  { meaning: 'Duodenum', code: '38848004', color: [255, 253, 229] },
  { meaning: 'Small Intestine', code: '30315005', color: [205, 167, 142], aliases: ['small bowel'] },
  { meaning: 'Colon', code: '71854001', color: [204, 168, 143] },
  { meaning: 'Bladder', code: '89837001', color: [222, 154, 132], aliases: ['urinary bladder'] },
  { meaning: 'Prostate', code: '41216001', color: [230, 158, 140] },
  { meaning: 'Uterus', code: '35039007', color: [255, 181, 158] },
  { meaning: 'Ureter', code: '87953007', color: [247, 182, 164], paired: true },
  { meaning: 'Rib', code: '113197003', color: [253, 232, 158], paired: true, aliases: ['ribs'] },
  { meaning: 'Sternum', code: '56873002', color: [244, 217, 154] },
  { meaning: 'Clavicle', code: '51299004', color: [205, 179, 108], paired: true, aliases: ['clavicula'] },
  { meaning: 'Scapula', code: '79601000', color: [241, 214, 145], paired: true },
  { meaning: 'Humerus', code: '85050009', color: [241, 214, 145], paired: true },
  { meaning: 'Vertebra', code: '51282000', color: [241, 214, 145], aliases: ['vertebrae'] },
  { meaning: 'Sacrum', code: '54735007', color: [241, 214, 145] },
  { meaning: 'Femur', code: '71341001', color: [241, 214, 145], paired: true },
];

const TISSUE: readonly Term[] = [
  { meaning: 'Bone', code: '272673000', color: [241, 214, 145] },
  { meaning: 'Muscle', code: '71616004', color: [192, 104, 88] },
  { meaning: 'Artery', code: '51114001', color: [216, 101, 79] },
  { meaning: 'Vein', code: '29092000', color: [0, 151, 206] },
  { meaning: 'Body fat', code: '248300009', color: [230, 220, 70], aliases: ['fat'] },
];

const NEOPLASM: Term = { meaning: 'Neoplasm', code: '108369006', aliases: ['tumor', 'tumour', 'cancer'] };

const MORPHOLOGY: readonly Term[] = [
  NEOPLASM,
  { meaning: 'Cyst', code: '367643001', color: [205, 205, 100] },
  { meaning: 'Edema', code: '79654002', color: [140, 224, 228], aliases: ['oedema'] },
  { meaning: 'Necrosis', code: '6574001', color: [216, 191, 216] },
  { meaning: 'Hemorrhage', code: '50960005', color: [188, 65, 28], aliases: ['haemorrhage'] },
  { meaning: 'Nodule', code: '27925004' },
];

const CATEGORIES: readonly Category[] = [
  { category: sct('123037004', 'Anatomical Structure'), terms: ANATOMY },
  { category: sct('85756007', 'Tissue'), terms: TISSUE },
  { category: sct('49755003', 'Morphologically Abnormal Structure'), terms: MORPHOLOGY },
];

const SIDES: ReadonlyMap<string, Code> = new Map([
  ['left', sct('7771000', 'Left')],
  ['right', sct('24028007', 'Right')],
]);

interface Found {
  readonly category: Code;
  readonly term: Term;
}

const BY_WORDS: ReadonlyMap<string, Found> = new Map(
  CATEGORIES.flatMap(({ category, terms }) =>
    terms.flatMap((term) =>
      [term.meaning, ...(term.aliases ?? [])].map((name) => [wordKey(words(name)), { category, term }] as const),
    ),
  ),
);

/** What a segment's name says of it; `undefined` when it is not in the table. `kidney_left` is Kidney, Left. */
export function findAnatomy(
  name: string,
): { terminology: NonNullable<Segment['terminology']>; color: Rgb | undefined } | undefined {
  const all = words(name);
  const side = all.find((word) => SIDES.has(word));
  const unpaired = BY_WORDS.get(wordKey(all));
  const paired = side === undefined ? undefined : BY_WORDS.get(wordKey(all.filter((word) => word !== side)));
  const found = unpaired ?? (paired?.term.paired ? paired : tumour(all));
  if (found === undefined) return undefined;
  const modifier = found === paired && side !== undefined ? SIDES.get(side) : undefined;
  return {
    terminology: {
      category: found.category,
      type: sct(found.term.code, found.term.meaning),
      ...(modifier ? { typeModifier: modifier } : {}),
    },
    color: found.term.color,
  };
}

/** `liver tumor`, `whole tumor`: a neoplasm, wherever it is. */
function tumour(all: readonly string[]): Found | undefined {
  const category = CATEGORIES[2]?.category;
  const isTumour = all.length <= 3 && all.some((word) => word === 'tumor' || word === 'tumour');
  return isTumour && category ? { category, term: NEOPLASM } : undefined;
}

/** The words that count: no articles, no number of a rib or a vertebra. */
function words(name: string): readonly string[] {
  const all = name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && word !== 'of' && word !== 'the');
  const numbered = all.some((word) => /^(?:ribs?|vertebrae?)$/.test(word));
  return numbered ? all.filter((word) => !/^[ctls]?\d{1,2}$/.test(word)) : all;
}

function wordKey(all: readonly string[]): string {
  return [...all].sort().join(' ');
}

function sct(value: string, meaning: string): Code {
  return { scheme: 'SCT', value, meaning };
}
