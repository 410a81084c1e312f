// The version of the importer, by itself: who only looks for what was made before need not load the importer.

/** Changes with what is made of a file: part of the key under which results are kept. */
export const IMPORTER_VERSION = '2';
