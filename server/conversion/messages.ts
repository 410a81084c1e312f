// What the process that converts a model is told, and what it answers. Plain data, small.
import type { AskedShape, NetworkReport, TorchScriptProblem } from '../torchscript/import.js';

export interface ConvertRequest {
  /** Absolute path of the TorchScript file. */
  readonly modelFile: string;
  /** Of each tensor that the network takes, batch and channels first. */
  readonly inputShapes: readonly AskedShape[];
  /** An existing, empty folder for `model.onnx`, `model.bin` where it is needed, and `report.json`. */
  readonly outputFolder: string;
}

/** Where the file is wrong and how, as `TorchScriptError` tells it. */
export interface ConversionFailure {
  readonly problem: TorchScriptProblem;
  readonly where: string;
  readonly detail: string;
}

export type ConvertAnswer = ConvertOutcome & {
  /** The most memory that the process held at once; absent when it ended without an answer. */
  readonly peakMemoryBytes?: number;
};

export type ConvertOutcome = { readonly report: NetworkReport } | { readonly failure: ConversionFailure };

export const ONNX_FILE = 'model.onnx';
export const WEIGHTS_FILE = 'model.bin';
export const REPORT_FILE = 'report.json';
